import Glibc

/// A scripted peer in the place of a SQL Server, of which there is none to be had for tests: it logs in,
/// answers batches that it is told of, and does what else it is told. Written from [MS-TDS], in Python;
/// FreeTDS has to accept it before anything of ours is tried on it.
///
/// Who logs in is `monitor` with `s3cr3t`, unless it is told otherwise.
package final class SQLServerPeer: Sendable {
    package let port: Int
    private let directory: TemporaryDirectory
    private let server: RunningServer
    /// Kept: its files are gone with the last who knows of them.
    private let identity: TestAuthority.Identity?

    package static let user = "monitor"
    package static let password = "s3cr3t"

    /// - Parameters:
    ///   - identity: for TLS; nothing: it has none.
    ///   - behaviour: as `behave` takes it.
    package init(
        _ identity: TestAuthority.Identity? = nil, behaviour: String = "{}", port: Int? = nil
    ) async throws {
        let directory = try TemporaryDirectory("vitals-tds")
        let port = try port ?? freePort()
        try directory.write("peer.py", Self.script)
        try directory.write("behaviour", behaviour)
        server = try await RunningServer(
            [
                "/usr/bin/python3", "peer.py", "\(port)", identity?.certificate ?? "", identity?.key ?? "",
            ], in: directory, environment: ["PYTHONUTF8": "1"], listeningOn: port)
        self.port = port
        self.directory = directory
        self.identity = identity
    }

    /// How it behaves with whoever connects from now on: an object in JSON of
    ///
    /// - `encryption`: `off`, `on`, `required`, `none` or `strict`. Default: `off` with a certificate, else
    ///   `none`;
    /// - `greeting`: what it does instead of answering at all: `silence`, `close`, `half`, or bytes in
    ///   hexadecimal;
    /// - `password`; `login`: errors with which it refuses a login, each number, state, severity and text;
    ///   `route`: host and port to which it sends;
    /// - `identity`: what it says of itself, in the place of what it usually does;
    /// - `answers`: pairs of a part of a batch and what is answered to it, which come before its usual ones:
    ///   an object of `columns`, `rows`, `changed`, `errors`, `hang`, `close` or `raw`.
    package func behave(_ json: String) throws {
        try directory.write("behaviour.new", json)
        guard rename(directory.file("behaviour.new"), directory.file("behaviour")) == 0 else {
            throw SystemError("rename behaviour")
        }
    }

    /// What it was told: one line for each login and each batch.
    package var heard: [String] { directory.read("heard").split(separator: "\n").map(String.init) }

    /// What it complained of.
    package var output: String { server.output }

    /// A target on it.
    package func target(
        _ query: String = "?database=shop&encrypt=disable", password: String = SQLServerPeer.password
    ) -> String {
        "sqlserver://\(Self.user):\(password)@127.0.0.1:\(port)\(query)"
    }

    /// Ends it; its port is free then.
    package func stop() async { await server.stop() }

    /// A signal, to stop and to continue it.
    package func signal(_ number: Int32) { server.process.signal(number) }
}
