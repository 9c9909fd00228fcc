// Generates the SDK for Java of a package from its schema, as `pulumi package add` has it: with the
// generator of Pulumi's host of Java, beside the sources of a program.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi-java/pkg/codegen/java"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

func main() {
	file, folder := os.Args[1], os.Args[2]
	content, err := os.ReadFile(file)
	check(err)
	var spec schema.PackageSpec
	check(json.Unmarshal(content, &spec))
	pkg, diagnostics, err := schema.BindSpec(spec, nil, schema.ValidationOptions{})
	check(err)
	// A warning counts too.
	if len(diagnostics) > 0 {
		check(fmt.Errorf("%v", diagnostics))
	}
	generated, err := java.GeneratePackage("apponly", pkg, nil, nil, true, false)
	check(err)
	for name, content := range generated {
		path := filepath.Join(folder, name)
		check(os.MkdirAll(filepath.Dir(path), 0o755))
		check(os.WriteFile(path, content, 0o644))
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
