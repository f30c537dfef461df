package import VitalsCore

/// Makes a configuration of a file's text, the environment and the flags. Pure: it reads nothing by itself.
package struct ConfigurationReader: Sendable {
    private let forms: [ProbeForm]
    private let channelForms: [ChannelForm]
    private let digest: @Sendable (String) -> Revision

    /// - Parameters:
    ///   - forms: the kinds of check there are; each kind's name is its key in the file.
    ///   - channelForms: likewise of channels.
    ///   - digest: makes the revision of a probe's identity.
    package init(
        forms: [ProbeForm], channelForms: [ChannelForm], digest: @escaping @Sendable (String) -> Revision
    ) {
        self.forms = forms
        self.channelForms = channelForms
        self.digest = digest
    }

    /// Reads everything, and throws all that is wrong with it at once.
    ///
    /// Where a setting can be given in several places, a flag wins over the environment, that over the
    /// file, and the file over the default.
    ///
    /// - Parameter file: nothing: the server watches itself. It does so at the port in the configuration;
    ///   when the system is to choose that (port 0), read again with the chosen one as flag.
    package func read(
        file: ConfigurationFile?, environment: [String: String], flags: ConfigurationFlags
    ) throws(ConfigurationError) -> ReadConfiguration {
        guard let file else {
            let listen = ownAddress(environment: environment, flags: flags)
            return try read(.watchingItself(at: listen), environment: environment, flags: flags)
        }
        return try read(file, environment: environment, flags: flags)
    }

    private func read(
        _ file: ConfigurationFile, environment: [String: String], flags: ConfigurationFlags
    ) throws(ConfigurationError) -> ReadConfiguration {
        var reading = ConfigurationReading(
            file: file.name, environment: environment, flags: flags, forms: forms,
            channelForms: channelForms, digest: digest)
        let configuration = reading.configuration(from: try Self.tree(of: file))
        try reading.finish()
        return ReadConfiguration(
            configuration: configuration,
            warnings: reading.warnings.sorted(by: ConfigurationProblem.isInOrder))
    }

    /// What is wrong about it is told by the reading that uses it.
    private func ownAddress(environment: [String: String], flags: ConfigurationFlags) -> ListenAddress {
        var reading = ConfigurationReading(
            file: "", environment: environment, flags: flags, forms: [], channelForms: [],
            digest: digest)
        let settings = reading.server(nil)
        return ListenAddress(host: settings.host, port: settings.port)
    }

    /// Nothing if the file holds nothing.
    private static func tree(of file: ConfigurationFile) throws(ConfigurationError) -> YAMLNode? {
        let size = file.text.utf8.count
        guard size <= ConfigurationFile.maximumSize else {
            throw ConfigurationError([ConfigurationFile.tooLarge(name: file.name, size: size)])
        }
        do {
            return try YAMLComposer.compose(file.text)
        } catch {
            let place = error.position.map {
                ConfigurationProblem.Place.value(file: file.name, at: $0, path: "")
            }
            throw ConfigurationError([ConfigurationProblem(place ?? .file(file.name), error.message)])
        }
    }
}
