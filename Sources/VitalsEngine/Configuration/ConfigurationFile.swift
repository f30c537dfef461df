/// The text of `vitals.yaml`, and the name by which errors call it.
package struct ConfigurationFile: Sendable, Equatable {
    package let name: String
    package let text: String

    /// Bytes; a longer file is refused. Some 50,000 checks fit.
    package static let maximumSize = 10 * 1_024 * 1_024

    package init(name: String, text: String) {
        self.name = name
        self.text = text
    }

    /// Takes what was read from the disk. Throws if that is no UTF-8.
    package init(name: String, bytes: [UInt8]) throws(ConfigurationError) {
        guard bytes.count <= Self.maximumSize else {
            throw ConfigurationError([Self.tooLarge(name: name, size: bytes.count)])
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let message = "is not UTF-8 text; save it as UTF-8"
            throw ConfigurationError([ConfigurationProblem(.file(name), message)])
        }
        self.init(name: name, text: text)
    }

    /// What is watched when nobody wrote a file: the server's own readiness.
    ///
    /// - Parameter address: where the server listens; an address that stands for every interface is asked on
    ///   loopback.
    package static func watchingItself(at address: ListenAddress) -> ConfigurationFile {
        let host =
            switch address.host {
            case "0.0.0.0": "127.0.0.1"
            case "::": "::1"
            default: address.host
            }
        let own = ListenAddress(host: host, port: address.port)
        let text = """
            systems:
              - id: vitals
                name: Vitals
                description: This server itself, watched because there is no configuration file.
                checks:
                  - { id: ready, http: "http://\(own)/readyz" }
            """
        return ConfigurationFile(name: "(built in)", text: text)
    }

    static func tooLarge(name: String, size: Int) -> ConfigurationProblem {
        let limit = maximumSize / (1_024 * 1_024)
        return ConfigurationProblem(.file(name), "has \(size) bytes; at most \(limit) MiB are read")
    }
}
