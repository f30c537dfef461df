import Glibc
import Synchronization

/// A real object store of a test's own: SeaweedFS, which speaks S3 and verifies signatures, on free ports of
/// 127.0.0.1.
package final class SeaweedServer: Sendable {
    /// Who may do what: `Read:orders` for one bucket, `Admin` for everything.
    package struct Account: Sendable {
        package let accessKey: String
        package let secretKey: String
        package let actions: [String]

        package init(_ accessKey: String, _ secretKey: String, _ actions: [String]) {
            self.accessKey = accessKey
            self.secretKey = secretKey
            self.actions = actions
        }
    }

    package static let admin = Account("ADMIN", "adm1nSecret", ["Admin", "Read", "List", "Write"])

    package let port: Int
    package let directory: TemporaryDirectory
    private let arguments: [String]
    private let environment: [String: String]
    private let server = Mutex<RunningServer?>(nil)

    /// Starts it.
    ///
    /// - Parameters:
    ///   - accounts: beside the administrator's.
    ///   - environment: of its process.
    package init(_ accounts: [Account], environment: [String: String] = [:]) async throws {
        let directory = try TemporaryDirectory("vitals-seaweed")
        let identities = (accounts + [Self.admin]).map { account in
            """
            {"name": "\(account.accessKey)", "actions": \(account.actions),
             "credentials": [{"accessKey": "\(account.accessKey)", "secretKey": "\(account.secretKey)"}]}
            """
        }
        try directory.write("s3.json", #"{"identities": [\#(identities.joined(separator: ","))]}"#)
        // The program wants the folder to be there.
        try await run(["mkdir", "data"], in: directory)
        let ports = try (0..<8).map { _ in try freePort() }
        port = ports[0]
        let names = ["volume", "filer", "master", "s3", "volume", "filer", "master"]
        let placed = zip(ports.dropFirst(), names).enumerated().map { index, pair in
            "-\(pair.1).port\(index < 3 ? "" : ".grpc")=\(pair.0)"
        }
        arguments =
            [
                Self.program, "-logtostderr=true", "server", "-ip=127.0.0.1", "-ip.bind=127.0.0.1",
                "-dir=data", "-s3", "-s3.port=\(port)", "-s3.config=s3.json", "-s3.iam=false",
                "-s3.port.iceberg=0", "-s3.port.lance=0", "-s3.autoCreateBucket=false",
                // Each bucket takes several of them, and gives them back late.
                "-master.volumeSizeLimitMB=16", "-volume.max=200", "-master.telemetry=false",
            ] + placed
        self.directory = directory
        self.environment = ["HOME": directory.path].merging(environment) { $1 }
        try await start()
    }

    /// Starts it and waits until it takes requests.
    package func start() async throws {
        // What its master remembers of itself: with that it takes a quarter of a minute to elect itself.
        try await run(["bash", "-c", "rm -rf data/m*"], in: directory)
        let running = try await RunningServer(
            arguments, in: directory, environment: environment, listeningOn: port)
        server.withLock { $0 = running }
        try await eventually(that: "a bucket can be listed", within: .seconds(60)) {
            try await status("/") == "200"
        }
    }

    /// Stops it at once, for in order it takes a quarter of a minute; what it keeps stays.
    package func stop() async {
        let running = server.withLock { server in
            defer { server = nil }
            return server
        }
        await running?.stop(SIGKILL)
    }

    /// Sends it a signal: SIGSTOP makes it hang, SIGCONT go on.
    package func signal(_ number: Int32) { server.withLock { $0 }?.process.signal(number) }

    /// Makes a bucket that can be written to.
    package func makeBucket(_ name: String) async throws {
        try await eventually(that: "the bucket \(name)", within: .seconds(60)) {
            ["200", "409"].contains(try await status("/\(name)", "-X", "PUT"))
        }
        try await eventually(that: "\(name) takes an object", within: .seconds(60)) {
            try await status("/\(name)/first", "-T", "s3.json") == "200"
        }
    }

    /// Removes a bucket that holds nothing but what `makeBucket` put there.
    package func removeBucket(_ name: String) async throws {
        try await eventually(that: "\(name) is gone", within: .seconds(60)) {
            _ = try await status("/\(name)/first", "-X", "DELETE")
            _ = try await status("/\(name)", "-X", "DELETE")
            return try await status("/\(name)") == "404"
        }
    }

    /// What an independent client, curl, is answered as the administrator.
    private func status(_ path: String, _ words: String...) async throws -> String {
        let output = try await run(
            [
                "curl", "-s", "-o", "answer", "-w", "%{http_code}", "--aws-sigv4", "aws:amz:us-east-1:s3",
                "--user", "\(Self.admin.accessKey):\(Self.admin.secretKey)",
            ] + words + ["http://127.0.0.1:\(port)\(path)"], in: directory)
        return String(output.suffix(3))
    }

    /// Installed by `scripts/install.sh test`.
    private static let programs =
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
        + "/.build/s3/bin"

    private static let program = "\(programs)/weed"
    /// With an S3 client that is not ours: boto3.
    package static let python = "\(programs)/python"
}
