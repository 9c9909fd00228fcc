// Generates the SDK of a package in one language from its schema, as `pulumi package gen-sdk` does
// where it has the language's host, with the same generators.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	golang "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

func main() {
	language, file, folder := os.Args[1], os.Args[2], os.Args[3]
	content, err := os.ReadFile(file)
	check(err)
	var spec schema.PackageSpec
	check(json.Unmarshal(content, &spec))
	pkg, diagnostics, err := schema.BindSpec(spec, nil, schema.ValidationOptions{})
	check(err)
	for _, one := range diagnostics {
		fmt.Fprintln(os.Stderr, one)
	}
	// A warning counts too.
	if len(diagnostics) > 0 {
		os.Exit(1)
	}
	generated, err := generate(language, pkg)
	check(err)
	for name, content := range generated {
		path := filepath.Join(folder, name)
		check(os.MkdirAll(filepath.Dir(path), 0o755))
		check(os.WriteFile(path, content, 0o644))
	}
}

func generate(language string, pkg *schema.Package) (map[string][]byte, error) {
	switch language {
	case "go":
		return golang.GeneratePackage("apponly", pkg, nil)
	case "nodejs":
		return nodejs.GeneratePackage("apponly", pkg, nil, nil, false, nil)
	case "python":
		return python.GeneratePackage("apponly", pkg, nil, nil)
	}
	return nil, fmt.Errorf("no generator for %s", language)
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
