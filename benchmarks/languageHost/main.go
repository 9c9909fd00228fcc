// Command languageHost runs a program for Node as Pulumi's own host of that language does, as far as a
// preview needs it: `fleet.ts` measures a loop of `pulumi preview` by it where the machine has not
// Pulumi's. That one is in no Go module any more, and finds out the plugins and the dependencies of a
// project besides, so that a preview by this one takes less time, if anything.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
)

type host struct {
	pulumirpc.UnimplementedLanguageRuntimeServer
	engine string
}

func (h *host) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: "0.0.0"}, nil
}

func (h *host) GetRequiredPackages(
	context.Context, *pulumirpc.GetRequiredPackagesRequest,
) (*pulumirpc.GetRequiredPackagesResponse, error) {
	return &pulumirpc.GetRequiredPackagesResponse{}, nil
}

func (h *host) Run(ctx context.Context, req *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	directory := req.GetInfo().GetProgramDirectory()
	nodeargs, _ := req.GetInfo().GetOptions().AsMap()["nodeargs"].(string)
	args := append(strings.Fields(nodeargs), filepath.Join(directory, "node_modules/@pulumi/pulumi/cmd/run"))
	for name, value := range map[string]string{
		"monitor":      req.GetMonitorAddress(),
		"engine":       h.engine,
		"organization": req.GetOrganization(),
		"project":      req.GetProject(),
		"stack":        req.GetStack(),
		"pwd":          req.GetPwd(),
		"parallel":     fmt.Sprint(req.GetParallel()),
	} {
		if value != "" {
			args = append(args, "--"+name, value)
		}
	}
	if req.GetDryRun() {
		args = append(args, "--dry-run")
	}
	settings := map[string]string{}
	for key, value := range req.GetConfig() {
		namespace, name, _ := strings.Cut(key, ":")
		settings[namespace+":config:"+name] = value
	}
	config, err := json.Marshal(settings)
	if err != nil {
		return nil, err
	}
	secrets, err := json.Marshal(append([]string{}, req.GetConfigSecretKeys()...))
	if err != nil {
		return nil, err
	}
	node := exec.CommandContext(ctx, "node", append(args, directory)...)
	node.Dir = req.GetPwd()
	node.Stdout, node.Stderr = os.Stdout, os.Stderr
	node.Env = append(os.Environ(),
		"PULUMI_CONFIG="+string(config), "PULUMI_CONFIG_SECRET_KEYS="+string(secrets))
	if err := node.Run(); err != nil {
		return &pulumirpc.RunResponse{Error: err.Error()}, nil
	}
	return &pulumirpc.RunResponse{}, nil
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	server := grpc.NewServer(grpc.MaxRecvMsgSize(400 * 1024 * 1024))
	pulumirpc.RegisterLanguageRuntimeServer(server, &host{engine: os.Args[len(os.Args)-1]})
	// The engine reads from the first line where the host is.
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	if err := server.Serve(listener); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
