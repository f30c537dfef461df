import VitalsCore
import VitalsEngine

/// The settings of TLS, for kinds of check that have nothing of their own for it.
enum TLSFields {
    static let all = [
        Field("server_name", .text(upTo: 253), "the name asked for and verified, where it is not the host's"),
        Field(
            "verify", .choice(["full", "ca", "none"]), usual: "full",
            "what is verified of the certificate: chain, dates and name, all but the name, or nothing"),
        Field(
            "ca", .lines(upTo: 65_536), "the authorities to trust instead of the system's: a PEM file, or PEM"
        ),
        Field(
            "certificate", .lines(upTo: 65_536),
            "our own certificate, for a server that wants to know us: a PEM file, or PEM"),
        Field("key", .lines(upTo: 65_536), isSecret: true, "the key of our certificate: a PEM file, or PEM"),
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
        return TLSSettings(
            mode, authorities: settings.text("ca"), identity: try identity(settings), serverName: name)
    }

    private static func identity(_ settings: Settings) throws(TargetError) -> TLSIdentity? {
        switch (settings.text("certificate"), settings.text("key")) {
        case (nil, nil): return nil
        case (let certificate?, let key?):
            return TLSIdentity(certificate: PEMSource(certificate), key: PEMSource(key))
        case (_, nil): throw TargetError("has no `key`, which belongs to it", field: "certificate")
        case (nil, _): throw TargetError("has no `certificate`, which belongs to it", field: "key")
        }
    }
}

extension TLSSettings {
    /// For `Probe.identity`.
    var identityText: String {
        IdentityText.of([
            mode.rawValue, authorities?.written ?? "", serverName ?? "", identity?.certificate.written ?? "",
            identity?.key.written ?? "",
        ])
    }
}
