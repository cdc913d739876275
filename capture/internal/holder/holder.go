package holder

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// PIDs returns the processes other than this one that hold the file at path
// open, as far as this process may see them, in ascending order.
func PIDs(path string) []int {
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil
	}
	links, _ := filepath.Glob("/proc/[0-9]*/fd/*")
	var pids []int
	for _, link := range links {
		if open, err := os.Readlink(link); err != nil || open != target {
			continue
		}
		pid, err := strconv.Atoi(strings.Split(link, "/")[2])
		if err == nil && pid != os.Getpid() && !slices.Contains(pids, pid) {
			pids = append(pids, pid)
		}
	}
	slices.Sort(pids)
	return pids
}

// Describe says in a few words who holds the file at path, for an error text.
func Describe(path string) string {
	pids := PIDs(path)
	switch len(pids) {
	case 0:
		return "another program holds it"
	case 1:
		return fmt.Sprintf("pid %d holds it", pids[0])
	}
	words := make([]string, len(pids))
	for i, pid := range pids {
		words[i] = strconv.Itoa(pid)
	}
	return "pids " + strings.Join(words, ", ") + " hold it"
}

// Names says who holds the file at path, as "podium (pid 812)"; empty: nobody that
// this process may see.
func Names(path string) string {
	var words []string
	for _, pid := range PIDs(path) {
		name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid))
		if err != nil {
			continue // it has ended
		}
		words = append(words, fmt.Sprintf("%s (pid %d)", strings.TrimSpace(string(name)), pid))
	}
	return strings.Join(words, ", ")
}
