/// A certificate authority of a test's own, made by the `openssl` program.
package final class TestAuthority: Sendable {
    /// A certificate and its key, PEM files readable by servers.
    package struct Identity: Sendable {
        package let certificate: String
        package let key: String
        /// Where they lie: gone with the last who knows of them.
        private let directory: TemporaryDirectory

        fileprivate init(_ name: String, in directory: TemporaryDirectory) {
            certificate = directory.file("\(name).pem")
            key = directory.file("\(name).key")
            self.directory = directory
        }
    }

    package let directory: TemporaryDirectory
    /// The authority's own certificate, PEM.
    package var certificate: String { directory.file("authority.pem") }

    package init() async throws {
        directory = try TemporaryDirectory("vitals-authority")
        try directory.write("index", "")
        try directory.write(
            "openssl.cnf",
            """
            [ca]
            default_ca = ours
            [ours]
            database = index
            new_certs_dir = .
            rand_serial = yes
            default_md = sha256
            policy = any
            unique_subject = no
            [any]
            organizationName = optional
            commonName = optional
            [req]
            distinguished_name = none
            [none]
            """)
        try await run(
            [
                "openssl", "req", "-x509", "-config", "openssl.cnf", "-subj",
                "/O=Vitals Tests/CN=Test Authority",
            ]
                + Self.newKey("authority.key") + ["-out", "authority.pem", "-days", "30"]
                + ["-addext", "basicConstraints=critical,CA:TRUE"], in: directory)
    }

    /// Makes a certificate.
    ///
    /// - Parameters:
    ///   - names: DNS names and IP addresses it is for; none: only what the subject says.
    ///   - subject: as `openssl` takes it.
    ///   - validity: from and to, as `20200131000000Z`; default: from now for 20 days.
    package func issue(
        for names: [String], subject: String = "/O=Example/CN=test",
        validity: (from: String, to: String)? = nil
    ) async throws -> Identity {
        let id = "leaf-\(UInt64.random(in: .min ... .max))"
        let alternatives = names.map { name in
            let isAddress = name.contains(":") || name.allSatisfy { $0.isNumber || $0 == "." }
            return "\(isAddress ? "IP" : "DNS"):\(name)"
        }
        let extensions = names.isEmpty ? "" : "subjectAltName=\(alternatives.joined(separator: ","))\n"
        try directory.write("\(id).ext", "basicConstraints=CA:FALSE\n" + extensions)
        try await run(
            ["openssl", "req", "-new", "-utf8", "-config", "openssl.cnf", "-subj", subject]
                + Self.newKey("\(id).key") + ["-out", "\(id).csr"], in: directory)
        let dates = validity.map { ["-startdate", $0.from, "-enddate", $0.to] } ?? ["-days", "20"]
        try await run(
            ["openssl", "ca", "-batch", "-config", "openssl.cnf", "-notext", "-cert", "authority.pem"]
                + [
                    "-keyfile", "authority.key", "-in", "\(id).csr", "-out", "\(id).pem", "-extfile",
                    "\(id).ext",
                ]
                + dates, in: directory)
        return Identity(id, in: directory)
    }

    private static func newKey(_ file: String) -> [String] {
        ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", file]
    }
}
