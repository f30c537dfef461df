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

    /// Those that are shown with what it issues: its own certificate, unless it stands for itself.
    private let chain: [String]

    package convenience init() async throws {
        try self.init(chain: [])
        try await run(
            [
                "openssl", "req", "-x509", "-config", "openssl.cnf", "-subj",
                "/O=Vitals Tests/CN=Test Authority",
            ]
                + Self.newKey("authority.key") + ["-out", "authority.pem", "-days", "30"]
                + ["-addext", "basicConstraints=critical,CA:TRUE"], in: directory)
    }

    private init(chain: [String]) throws {
        directory = try TemporaryDirectory("vitals-authority")
        self.chain = chain
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
    }

    /// Makes an authority that this one vouches for; what it issues is shown with its own certificate.
    package func subordinate(
        days: Int = 20, validity: (from: String, to: String)? = nil
    ) async throws -> TestAuthority {
        let identity = try await issue(
            "basicConstraints=critical,CA:TRUE\n", subject: "/O=Vitals Tests/CN=Test Subordinate", days,
            validity)
        let name = String(identity.key.split(separator: "/").last?.dropLast(".key".count) ?? "")
        let own = directory.read("\(name).pem")
        let subordinate = try TestAuthority(chain: [own])
        try subordinate.directory.write("authority.pem", own)
        try subordinate.directory.write("authority.key", directory.read("\(name).key"))
        return subordinate
    }

    /// Makes a certificate.
    ///
    /// - Parameters:
    ///   - names: DNS names and IP addresses it is for; none: only what the subject says.
    ///   - subject: as `openssl` takes it.
    ///   - days: how long it is good for, from now.
    ///   - validity: from and to, as `20200131000000Z`, instead.
    package func issue(
        for names: [String], subject: String = "/O=Example/CN=test", days: Int = 20,
        validity: (from: String, to: String)? = nil
    ) async throws -> Identity {
        let alternatives = names.map { name in
            let isAddress = name.contains(":") || name.allSatisfy { $0.isNumber || $0 == "." }
            return "\(isAddress ? "IP" : "DNS"):\(name)"
        }
        let extensions = names.isEmpty ? "" : "subjectAltName=\(alternatives.joined(separator: ","))\n"
        return try await issue("basicConstraints=CA:FALSE\n" + extensions, subject: subject, days, validity)
    }

    private func issue(
        _ extensions: String, subject: String, _ days: Int, _ validity: (from: String, to: String)?
    ) async throws -> Identity {
        let id = "leaf-\(UInt64.random(in: .min ... .max))"
        try directory.write("\(id).ext", extensions)
        try await run(
            ["openssl", "req", "-new", "-utf8", "-config", "openssl.cnf", "-subj", subject]
                + Self.newKey("\(id).key") + ["-out", "\(id).csr"], in: directory)
        let dates = validity.map { ["-startdate", $0.from, "-enddate", $0.to] } ?? ["-days", "\(days)"]
        try await run(
            ["openssl", "ca", "-batch", "-config", "openssl.cnf", "-notext", "-cert", "authority.pem"]
                + [
                    "-keyfile", "authority.key", "-in", "\(id).csr", "-out", "\(id).pem", "-extfile",
                    "\(id).ext",
                ]
                + dates, in: directory)
        let own = directory.read("\(id).pem")
        try directory.write("\(id).pem", ([own] + chain).joined())
        return Identity(id, in: directory)
    }

    private static func newKey(_ file: String) -> [String] {
        ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", file]
    }
}
