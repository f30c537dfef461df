/// A real mail server, aiosmtpd, that keeps what it is sent; mails are read back by Python's `email`.
///
/// Recipients whose address begins with `nobody` are refused for good, those with `later` once. Who logs in
/// is `ann` with `pässword & co`.
package final class MailServer: Sendable {
    /// How it is protected, and which logins it offers.
    package struct Settings: Sendable {
        /// `starttls`, `tls` or `none`.
        package var security = "none"
        package var wantsLogin = false
        /// Of `PLAIN` and `LOGIN`.
        package var withheld: [String] = []

        package init(security: String = "none", wantsLogin: Bool = false, withheld: [String] = []) {
            self.security = security
            self.wantsLogin = wantsLogin
            self.withheld = withheld
        }
    }

    package static let user = "ann"
    package static let password = "pässword & co"

    package let port: Int
    private let directory: TemporaryDirectory
    private let server: RunningServer
    private let identity: TestAuthority.Identity?

    /// - Parameter identity: for TLS.
    package init(_ settings: Settings = Settings(), _ identity: TestAuthority.Identity? = nil) async throws {
        let directory = try TemporaryDirectory("vitals-mail")
        let port = try freePort()
        try directory.write("server.py", Self.script)
        let arguments = [
            "/usr/bin/python3", "server.py", "\(port)", settings.security,
            settings.wantsLogin ? "login" : "open",
            settings.withheld.joined(separator: ","), identity?.certificate ?? "", identity?.key ?? "",
            Self.user, Self.password,
        ]
        server = try await RunningServer(
            arguments, in: directory, environment: ["PYTHONUTF8": "1"], listeningOn: port)
        self.port = port
        self.directory = directory
        self.identity = identity
    }

    /// What it took, one JSON object each: `helo`, `user`, `tls`, `sender`, `recipients`, `subject`, `from`,
    /// `to`, `headers` (as they came), `text` (decoded), `raw`.
    package var mails: [String] {
        directory.read("mails").split(separator: "\n").map(String.init)
    }

    /// What it complained of.
    package var output: String { server.output }

    private static let script = #"""
        import asyncio, email, email.policy, json, ssl, sys
        from aiosmtpd.smtp import SMTP, AuthResult

        port, security, login, withheld, certificate, key, user, password = sys.argv[1:]
        put_off = set()

        class Keeper:
            async def handle_RCPT(self, server, session, envelope, address, options):
                if address.startswith("nobody"):
                    return "550 5.1.1 no such user"
                if address.startswith("later") and address not in put_off:
                    put_off.add(address)
                    return "451 4.7.1 come back later"
                envelope.rcpt_tos.append(address)
                return "250 OK"

            async def handle_DATA(self, server, session, envelope):
                mail = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
                kept = {
                    "helo": session.host_name, "user": session.auth_data, "sender": envelope.mail_from,
                    "tls": server.transport.get_extra_info("ssl_object") is not None,
                    "recipients": envelope.rcpt_tos,
                    "subject": mail["Subject"], "from": mail["From"], "to": mail["To"],
                    "headers": {name: value for name, value in mail.items()},
                    "defects": [str(defect) for defect in mail.defects],
                    "text": mail.get_content().replace("\r\n", "\n"),
                    "raw": envelope.original_content.decode("latin-1"),
                }
                with open("mails", "a") as file:
                    file.write(json.dumps(kept) + "\n")
                return "250 kept"

        def authenticate(server, session, envelope, mechanism, data):
            isRight = data.login.decode() == user and data.password.decode() == password
            told = data.login.decode() + " by " + mechanism
            return AuthResult(success=isRight, handled=False, auth_data=told)

        context = None
        if security != "none":
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)

        def protocol():
            return SMTP(
                Keeper(), hostname="mail.test", tls_context=context if security == "starttls" else None,
                require_starttls=security == "starttls", auth_required=login == "login",
                auth_require_tls=security == "starttls", authenticator=authenticate,
                auth_exclude_mechanism=withheld.split(",") if withheld else None, decode_data=False)

        async def main():
            server = await asyncio.get_running_loop().create_server(
                protocol, "127.0.0.1", int(port), ssl=context if security == "tls" else None)
            await server.serve_forever()

        asyncio.run(main())
        """#
}
