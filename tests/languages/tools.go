//go:build tools

// Package languages names the programs that `npm run sdks` builds.
package languages

import (
	_ "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml"
)
