// Generates the SDK for .NET of a package from its schema, with Pulumi's own generator as its module
// had it last: later ones have it in a repository that is not served as a module.
package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi/pkg/v3/codegen/dotnet"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

func main() {
	file, folder := os.Args[1], os.Args[2]
	content, err := os.ReadFile(file)
	check(err)
	var spec schema.PackageSpec
	check(json.Unmarshal(content, &spec))
	// It fetches the logo, and nothing beyond this machine is asked.
	logo := httptest.NewServer(http.NotFoundHandler())
	defer logo.Close()
	spec.LogoURL = logo.URL
	pkg, diagnostics, err := schema.BindSpec(spec, nil, schema.ValidationOptions{})
	check(err)
	// A warning counts too.
	if len(diagnostics) > 0 {
		check(fmt.Errorf("%v", diagnostics))
	}
	generated, err := dotnet.GeneratePackage("apponly", pkg, nil, nil)
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
