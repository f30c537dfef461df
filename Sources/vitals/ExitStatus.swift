import ArgumentParser

/// The exit codes of `serve`, `config validate` and `import`, after BSD's sysexits.
enum ExitStatus {
    /// The data folder or the port is in use.
    static let temporaryFailure = ExitCode(75)
    /// A file cannot be written.
    static let cannotCreate = ExitCode(73)
    /// The configuration is wrong.
    static let badConfiguration = ExitCode(78)
}
