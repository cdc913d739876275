package config

import "slices"

// Changed gives the keys in which two podiums' configurations differ.
func (p Podium) Changed(to Podium) []string {
	return changed(podiumSchema(&p), podiumSchema(&to))
}

// Changed gives the keys in which two stages' configurations differ. What a key's file
// holds does not count.
func (s Stage) Changed(to Stage) []string {
	return changed(stageSchema(&s), stageSchema(&to))
}

func changed(from, to schema) (keys []string) {
	for n, one := range from.settings {
		if !slices.Equal(one.get(), to.settings[n].get()) {
			keys = append(keys, one.key)
		}
	}
	return keys
}
