import ArgumentParser

/// The exit codes of `serve` and `config validate`, after BSD's sysexits.
enum ExitStatus {
    /// The data folder or the port is in use.
    static let temporaryFailure = ExitCode(75)
    /// The configuration is wrong.
    static let badConfiguration = ExitCode(78)
}
