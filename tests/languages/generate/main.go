//go:build ignore

// Generates the SDK of a package in one language from its schema, as `pulumi package gen-sdk` does
// where it has the language's host, with the same generators.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/blang/semver"
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
	pkg, diagnostics, err := schema.BindSpec(spec, noOther{}, schema.ValidationOptions{})
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

// The packages name no others.
type noOther struct{}

func (noOther) LoadPackage(name string, _ *semver.Version) (*schema.Package, error) {
	return nil, fmt.Errorf("the package %s is not there", name)
}

func (noOther) LoadPackageV2(_ context.Context, one *schema.PackageDescriptor) (*schema.Package, error) {
	return nil, fmt.Errorf("the package %s is not there", one.Name)
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
