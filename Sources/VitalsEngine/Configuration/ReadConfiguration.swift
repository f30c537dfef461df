/// A configuration that holds, and what its author should know all the same.
package struct ReadConfiguration: Sendable {
    package let configuration: Configuration
    /// In the order of the file. None of them keeps a server from starting.
    package let warnings: [ConfigurationProblem]

    /// What the store is to keep from now on, opened.
    package let stored: [StoredResource]

    package init(
        configuration: Configuration, warnings: [ConfigurationProblem], stored: [StoredResource] = []
    ) {
        self.configuration = configuration
        self.stored = stored
        self.warnings = warnings
    }
}
