/// Who may change a part of the configuration.
package enum ConfigurationOrigin: Sendable, Hashable {
    /// Whoever writes this file.
    case file(String)
    /// Whoever asks the API: it is kept in the store, at this version.
    case store(version: Int64)
    /// Whoever sets this environment variable.
    case environment(String)
}
