/// A configuration that holds, and what its author should know all the same.
package struct ReadConfiguration: Sendable {
    package let configuration: Configuration
    /// In the order of the file. None of them keeps a server from starting.
    package let warnings: [ConfigurationProblem]

    package init(configuration: Configuration, warnings: [ConfigurationProblem]) {
        self.configuration = configuration
        self.warnings = warnings
    }
}
