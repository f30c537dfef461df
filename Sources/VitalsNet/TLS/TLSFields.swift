import VitalsCore
import VitalsEngine

/// The settings of TLS, for kinds of check that have nothing of their own for it.
enum TLSFields {
    static let all = [
        Field("server_name", .text(upTo: 253), "the name asked for and verified, where it is not the host's"),
        Field(
            "verify", .choice(["full", "ca", "none"]), usual: "full",
            "what is verified of the certificate: chain, dates and name, all but the name, or nothing"),
        Field("ca", .lines(upTo: 65_536), "PEM file of the authorities to trust instead of the system's"),
    ]

    static func read(_ settings: Settings) throws(TargetError) -> TLSSettings {
        let mode: TLSMode =
            switch settings.text("verify") {
            case "none": .require
            case "ca": .verifyCA
            default: .verifyFull
            }
        let name = settings.text("server_name").map(HostName.normal)
        if let name, !HostName.isValid(name) {
            throw TargetError("“\(Printable.text(name))” is no host name", field: "server_name")
        }
        return TLSSettings(mode, authorities: settings.text("ca"), serverName: name)
    }
}

extension TLSSettings {
    /// For `Probe.identity`.
    var identityText: String {
        IdentityText.of([mode.rawValue, authorities ?? "", serverName ?? ""])
    }
}
