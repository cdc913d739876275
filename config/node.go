package config

import (
	"github.com/goccy/go-yaml/ast"
)

// wordsOf takes the words of a value if it is of the wanted kind.
func wordsOf(node ast.Node, want kind) ([]string, bool) {
	switch n := node.(type) {
	case *ast.StringNode:
		return []string{n.Value}, want == kindText || want == kindTime
	case *ast.IntegerNode:
		return []string{n.GetToken().Value}, want == kindNumber
	case *ast.BoolNode:
		return []string{n.String()}, want == kindYesNo
	case *ast.SequenceNode:
		return textsOf(n), want == kindList && len(textsOf(n)) == len(n.Values)
	}
	return nil, false
}

// textsOf takes the texts of a list and leaves out what is none.
func textsOf(list *ast.SequenceNode) []string {
	var texts []string
	for _, value := range list.Values {
		if text, ok := value.(*ast.StringNode); ok {
			texts = append(texts, text.Value)
		}
	}
	return texts
}

// called names what somebody wrote, for the error message.
func called(node ast.Node) string {
	switch n := node.(type) {
	case *ast.StringNode:
		return "the text \"" + n.Value + "\""
	case *ast.IntegerNode, *ast.FloatNode:
		return "the number " + n.GetToken().Value
	case *ast.BoolNode:
		return n.GetToken().Value
	case *ast.NullNode:
		return "nothing (leave the key out for its default)"
	case *ast.SequenceNode:
		return "this list"
	case *ast.MappingNode, *ast.MappingValueNode:
		return "keys"
	}
	return "a " + node.Type().String()
}
