// Signs in by MSAL for Go in the way that the argument names.
package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"
)

func must[T any](value T, problem error) T {
	if problem != nil {
		fmt.Fprintln(os.Stderr, problem)
		os.Exit(1)
	}
	return value
}

func credential(way string) (confidential.Credential, error) {
	switch {
	case strings.Contains(way, "certificate"):
		pem := must(os.ReadFile(os.Getenv("CLIENT_PEM")))
		certificates, key, problem := confidential.CertFromPEM(pem, "")
		must(0, problem)
		return confidential.NewCredFromCert(certificates, key)
	case strings.Contains(way, "federated"):
		assertion := string(must(os.ReadFile(os.Getenv("CLIENT_ASSERTION_FILE"))))
		return confidential.NewCredFromAssertionCallback(
			func(context.Context, confidential.AssertionRequestOptions) (string, error) {
				return assertion, nil
			}), nil
	default:
		return confidential.NewCredFromSecret(os.Getenv("CLIENT_SECRET"))
	}
}

func main() {
	client := must(confidential.New("https://login.microsoftonline.com/"+os.Getenv("TENANT_ID"),
		os.Getenv("CLIENT_ID"), must(credential(os.Args[1]))))
	must(client.AcquireTokenByCredential(context.Background(), []string{"https://graph.microsoft.com/.default"}))
	fmt.Println("token")
}
