import ArgumentParser

/// `ucm completions`.
struct CompletionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completions",
        abstract: "Write what lets a shell complete commands, options and their values.",
        usage: """
            ucm completions bash > ~/.local/share/bash-completion/completions/ucm
            ucm completions zsh > ~/.zsh/completions/_ucm
            ucm completions fish > ~/.config/fish/completions/ucm.fish
            """,
        discussion: "For zsh the directory has to be in fpath, before compinit is called."
    )

    /// A shell.
    enum Shell: String, CaseIterable, ExpressibleByArgument {
        case bash
        case zsh
        case fish

        private var known: CompletionShell {
            switch self {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        }

        /// What the shell reads.
        var script: String { UCM.completionScript(for: self.known) }
    }

    @Argument(help: "The shell: bash, zsh or fish.") var shell: Shell

    func run() async throws { Terminal.write(self.shell.script + "\n") }
}
