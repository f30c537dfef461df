import ArgumentParser
import VitalsCore
import VitalsEngine

/// An answer as it is described on the command line; what is not said of it was not seen.
struct ResponseOptions: ParsableArguments {
    @Option(name: .long, help: "The status of HTTP.")
    var status: Int?

    @Option(name: .long, help: "A header, as 'Name: value'; may be given often.")
    var header: [String] = []

    @Option(
        name: .long, help: ArgumentHelp("A file with the body; - is the standard input.", valueName: "file"),
        completion: .file())
    var body: String?

    @Option(name: .long, help: "How long it took: 12ms, 1.5s.")
    var latency: String?

    @Option(name: .long, help: "The address that answered.")
    var ip: String?

    @Option(name: .long, help: "What a name server said: NOERROR, NXDOMAIN.")
    var rcode: String?

    @Option(
        name: .long, parsing: .unconditional,
        help: "Until the certificate ends: 14d, 49h30m; -2h when it has.")
    var certificate: String?

    @Flag(name: .long, help: "There was no connection.")
    var notConnected = false

    /// Whether anything is said of an answer.
    var isGiven: Bool {
        let texts = [body, latency, ip, rcode, certificate]
        return status != nil || !header.isEmpty || texts.contains { $0 != nil } || notConnected
    }

    /// What a probe would have seen.
    func observation() throws(TargetError) -> Observation {
        var observation = Observation(
            status: status, headers: try header.map(Self.header), address: ip, isConnected: !notConnected,
            dnsCode: rcode,
            certificateTimeLeft: try certificate.map { text throws(TargetError) in
                try Self.duration(text, of: "--certificate")
            })
        if let latency { observation.latency = try Self.duration(latency, of: "--latency") }
        if let body { try read(body, into: &observation) }
        return observation
    }

    private func read(_ path: String, into observation: inout Observation) throws(TargetError) {
        do {
            let bytes = try TextFile.read(path == "-" ? "/dev/stdin" : path)
            observation.body = Array(bytes.prefix(ConfigurationFile.maximumSize))
            observation.isBodyCut = bytes.count > ConfigurationFile.maximumSize
        } catch {
            throw TargetError("--body \(error)")
        }
    }

    private static func header(_ text: String) throws(TargetError) -> Observation.Header {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[0].contains(" ") else {
            throw TargetError("--header: write 'Name: value'")
        }
        return Observation.Header(String(parts[0]), String(parts[1].drop { $0 == " " }))
    }

    private static func duration(_ text: String, of option: String) throws(TargetError) -> Duration {
        guard let duration = Duration(written: text) else {
            throw TargetError("\(option): write a number and a unit, as in 12ms, 1.5s or 49h30m")
        }
        return duration
    }
}
