package config

import (
	"errors"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// parse reads YAML into the schema. It takes plain keys, values and lists;
// anchors, tags, merge keys and a second document are refused, because nobody
// needs them here and each is a way to mean something else than one reads.
func parse(file string, data []byte, s schema, found places) error {
	tree, err := parser.ParseBytes(data, 0)
	if err != nil {
		return syntaxFault(file, err)
	}
	r := reader{file: file, schema: s, found: found}
	var whole []ast.Node
	for _, doc := range tree.Docs {
		if doc.Body != nil && doc.Body.Type() != ast.CommentType {
			whole = append(whole, doc.Body)
		}
	}
	switch len(whole) {
	case 0:
		return nil
	case 1:
		r.section("", whole[0])
	default:
		r.fail(whole[1], "", "a second document begins here; put everything into one")
	}
	return r.bad.join()
}

// syntaxFault keeps the parser's message and line, without its source excerpt.
func syntaxFault(file string, err error) error {
	at := place{file: file}
	var fault yaml.Error
	if !errors.As(err, &fault) {
		return at.fail("", "is not YAML: %v", err)
	}
	if token := fault.GetToken(); token != nil && token.Position != nil {
		at.line = max(token.Position.Line, 1)
	}
	return at.fail("", "is not YAML: %s", fault.GetMessage())
}

// reader walks the tree and gathers what is wrong.
type reader struct {
	file   string
	schema schema
	found  places
	bad    faults
}

func (r *reader) fail(node ast.Node, key, format string, args ...any) {
	r.bad.add(r.at(node).fail(key, format, args...))
}

// at gives a node's place.
func (r *reader) at(node ast.Node) place {
	at := place{file: r.file}
	if token := node.GetToken(); token != nil && token.Position != nil {
		at.line = token.Position.Line
	}
	return at
}

// section reads the keys of one section; "" is the whole file.
func (r *reader) section(name string, node ast.Node) {
	var pairs []*ast.MappingValueNode
	switch n := node.(type) {
	case *ast.MappingNode:
		pairs = n.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{n}
	default:
		r.fail(node, name, "wants keys under it: %s", strings.Join(r.schema.under(name), ", "))
		return
	}
	for _, pair := range pairs {
		r.pair(name, pair)
	}
}

// pair reads one "key: value".
func (r *reader) pair(section string, pair *ast.MappingValueNode) {
	word, ok := pair.Key.(*ast.StringNode)
	if !ok {
		r.fail(pair.Key, section, "%s is not a key that can stand here; known are %s", pair.Key.String(), strings.Join(r.schema.under(section), ", "))
		return
	}
	key := word.Value
	if section != "" {
		key = section + "." + key
	}
	if r.schema.isSection(key) {
		r.section(key, pair.Value)
		return
	}
	one := r.schema.find(key)
	if one == nil {
		r.fail(pair.Key, key, "unknown key; known here are %s", strings.Join(r.schema.under(section), ", "))
		return
	}
	if _, twice := r.found.keys[key]; twice {
		r.fail(pair.Key, key, "is given twice; keep one")
		return
	}
	at := r.at(pair.Key)
	r.found.keys[key] = at
	words, ok := wordsOf(pair.Value, one.kind)
	if !ok {
		r.bad.add(at.fail(key, "wants %s, not %s", wants[one.kind], called(pair.Value)))
		return
	}
	r.bad.add(store(*one, words, at))
}
