// Command stackcheck reads the stack's files as Docker Compose and Grafana do, and says what is wrong.
//
//	stackcheck compose FILE...     the schema, interpolation, includes, profiles; prints one line a service: name, image
//	stackcheck dashboard FILE...   Grafana's types, no field unknown; prints one line a file
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/grafana/grafana-foundation-sdk/go/cog/plugins"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

func main() {
	checks := map[string]func(string) error{"compose": compose, "dashboard": grafana}
	if len(os.Args) < 3 || checks[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: stackcheck compose|dashboard FILE...")
		os.Exit(2)
	}
	for _, file := range os.Args[2:] {
		if err := checks[os.Args[1]](file); err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", file, err)
			os.Exit(1)
		}
	}
}

func compose(file string) error {
	options, err := cli.NewProjectOptions([]string{file}, cli.WithOsEnv, cli.WithEnvFiles(),
		cli.WithDotEnv, cli.WithProfiles([]string{"*"}))
	if err != nil {
		return err
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		return err
	}
	for _, name := range project.ServiceNames() {
		service := project.Services[name]
		fmt.Printf("%s\t%s\n", name, service.Image)
		for _, volume := range service.Volumes {
			if volume.Type != "bind" {
				continue
			}
			if _, err := os.Stat(volume.Source); err != nil {
				return fmt.Errorf("%s mounts what is not there: %w", name, err)
			}
		}
	}
	return nil
}

func grafana(file string) error {
	plugins.RegisterDefaultPlugins()
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var read dashboard.Dashboard
	// No fault is an empty list of faults here, which is not nil.
	if err := read.UnmarshalJSONStrict(text); err != nil && err.Error() != "" {
		return err
	}
	if err := read.Validate(); err != nil {
		return err
	}
	fmt.Printf("%s\t%d panels and rows\n", *read.Title, len(read.Panels))
	return nil
}
