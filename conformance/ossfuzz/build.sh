#!/bin/bash -eu
# Builds every fuzz function of the module for libFuzzer, with its seed corpus. OSS-Fuzz and ClusterFuzzLite run it
# in their image, in the root of the repository, with $OUT and $WORK set. A test holds that the list is complete.

targets='
cpython FuzzAppendLower
cpython/external FuzzParseDate
cpython/external FuzzUnquote
cpython/external FuzzUrlsplit
fsmap/external FuzzTranslatePath
handler FuzzConn
listing FuzzAppend
mime FuzzGuess
reqparse FuzzParser
reqparse FuzzScan
response FuzzErrorPage
response FuzzLogText
server FuzzAddress
server FuzzHosts
'
# Left out, because the case files, which they or their package read, are not where a built target runs:
#	conformance FuzzConn
#	conformance FuzzQuoted
# Left out, because the builder cannot import a command:
#	cmd/simplehttp FuzzParseOptions

# The seeds come first: what follows changes the tree.
go run ./cmd/conform seeds "$WORK/seeds"

# The builder compiles the tests of a folder as one package. Those of package NAME_test get a folder of their own.
for name in cpython fsmap handler listing mime reqparse response server; do
	mkdir "$name/external"
	echo "package external" > "$name/external/external.go"
	for file in $(grep -l "^package ${name}_test$" "$name"/*_test.go); do
		sed "s/^package ${name}_test$/package external/" "$file" > "$name/external/$(basename "$file")"
		rm "$file"
	done
	if [ -d "$name/testdata" ]; then cp -r "$name/testdata" "$name/external/"; fi
	for folder in "$name" "$name/external"; do
		{ echo "package $(basename "$folder")"; cat conformance/ossfuzz/standin.go.txt; } > "$folder/standin.go"
		for file in "$folder"/*_test.go; do
			if [ ! -f "$file" ]; then continue; fi
			sed -i 's/^func Benchmark/func benchmark/; s/\btesting\.TB\b/testingTB/g; s/\*testing\.B\b/*testingB/g' "$file"
			if grep -q '"testing"' "$file"; then echo 'var _ *testing.T' >> "$file"; fi
			# What the fuzz functions call has to be in an ordinary file: not every version of the builder takes others.
			if ! grep -q '^func Fuzz' "$file"; then mv "$file" "${file%_test.go}_called.go"; fi
		done
	done
done

# What stands in for package testing.
go get github.com/AdamKorcz/go-118-fuzz-build/testing

echo "$targets" | while read -r package function; do
	if [ -z "$package" ]; then continue; fi
	# Of the second version, because the first leaves out the other test files of a package.
	compile_native_go_fuzzer_v2 "simplehttp/$package" "$function" "$function"
	(cd "$WORK/seeds/$function" && zip -q -r "$OUT/${function}_seed_corpus.zip" .)
done
