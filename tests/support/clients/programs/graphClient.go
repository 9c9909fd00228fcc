// Signs in by azidentity with a certificate, and makes, reads and removes an application by the Graph SDK for Go.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	graph "github.com/microsoftgraph/msgraph-sdk-go"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
)

func must[T any](value T, problem error) T {
	if problem != nil {
		fmt.Fprintln(os.Stderr, problem)
		os.Exit(1)
	}
	return value
}

func main() {
	pem := must(os.ReadFile(os.Getenv("CLIENT_PEM")))
	certificates, key, problem := azidentity.ParseCertificates(pem, nil)
	must(0, problem)
	credential := must(azidentity.NewClientCertificateCredential(
		os.Getenv("TENANT_ID"), os.Getenv("CLIENT_ID"), certificates, key, nil))
	client := must(graph.NewGraphServiceClientWithCredentials(credential, []string{"https://graph.microsoft.com/.default"}))
	ctx := context.Background()
	wanted := models.NewApplication()
	name := "made by the Graph SDK for Go"
	wanted.SetDisplayName(&name)
	made := must(client.Applications().Post(ctx, wanted, nil))
	read := must(client.Applications().ByApplicationId(*made.GetId()).Get(ctx, nil))
	must(0, client.Applications().ByApplicationId(*made.GetId()).Delete(ctx, nil))
	if *read.GetDisplayName() == name {
		fmt.Println("made and removed")
	}
}
