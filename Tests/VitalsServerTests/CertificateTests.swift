import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization
import Testing
import VitalsEngine
import VitalsTesting

@testable import VitalsServer

@Suite("The server's certificate", .timeLimit(.minutes(5)))
struct CertificateTests {
    /// A certificate for localhost in a folder of links, as a cluster's secrets come.
    private struct Secret {
        let authority: TestAuthority
        let folder: TemporaryDirectory
        let files: TLSFiles

        init() async throws {
            authority = try await TestAuthority()
            folder = try TemporaryDirectory("vitals-certificate")
            files = TLSFiles(certificate: folder.file("now/tls.crt"), key: folder.file("now/tls.key"))
            try await turn(to: "first")
        }

        /// Turns the link to a folder with a certificate of its own.
        func turn(to name: String) async throws {
            let identity = try await authority.issue(for: ["localhost"], subject: "/CN=\(name)")
            let made = folder.file(name)
            try FileManager.default.createDirectory(atPath: made, withIntermediateDirectories: true)
            try FileManager.default.copyItem(atPath: identity.certificate, toPath: "\(made)/tls.crt")
            try FileManager.default.copyItem(atPath: identity.key, toPath: "\(made)/tls.key")
            let link = folder.file("next")
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: name)
            try #require(rename(link, folder.file("now")) == 0)
        }
    }

    /// The common name of the certificate that is shown, with the status of an answer to one request.
    private static func ask(_ server: TestServer, trusting authority: String) async throws -> (String, Int) {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .file(authority)
        let context = try NIOSSLContext(configuration: configuration)
        let connection = try await HTTPConnection.open(port: server.port) { channel in
            let handler = try NIOSSLClientHandler(context: context, serverHostname: "localhost")
            try channel.pipeline.syncOperations.addHandler(handler)
        }
        defer { connection.close() }
        try await connection.send("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
        let answer = try await connection.answer()
        return (try await connection.peerCertificate() ?? "", answer.status)
    }

    @Test("is shown, and a new one from the next connection on, without a request that fails")
    func rotates() async throws {
        let secret = try await Secret()
        let certificate = try ServerCertificate(secret.files) { _ in }
        try await TestServer.with(Fixtures.node(), edge: Edge(certificate: certificate)) {
            (server) async throws in
            let authority = secret.authority.certificate
            #expect(try await Self.ask(server, trusting: authority) == ("first", 200))
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        var names: Set<String> = []
                        while !names.contains("third") {
                            let (name, status) = try await Self.ask(server, trusting: authority)
                            #expect(status == 200)
                            names.insert(name)
                        }
                        return names.count
                    }
                }
                for name in ["second", "third"] {
                    try await secret.turn(to: name)
                    // As its service does once a second: seen twice, so that it is whole.
                    certificate.look()
                    certificate.look()
                }
                for try await count in group { #expect(count >= 1) }
            }
        }
        #expect(certificate.status.problem == nil)
    }

    @Test("a pair that does not fit changes nothing, and is told until it is mended")
    func wrong() async throws {
        let secret = try await Secret()
        let told = Mutex<[String?]>([])
        let certificate = try ServerCertificate(secret.files) { status in
            told.withLock { $0.append(status.problem) }
        }
        let before = certificate.status
        let key = try Data(contentsOf: URL(filePath: secret.files.key))
        let other = try await secret.authority.issue(for: ["localhost"], subject: "/CN=other")
        let otherKey = try Data(contentsOf: URL(filePath: other.key))
        for (bytes, words) in [(otherKey, "is not the key of"), (Data("no key".utf8), "holds no key")] {
            try bytes.write(to: URL(filePath: secret.files.key))
            certificate.reload()
            #expect(certificate.status.problem?.contains(words) == true)
            #expect(certificate.status.problem?.contains("PRIVATE") == false)
            #expect(certificate.status.expiresAt == before.expiresAt)
        }
        try await TestServer.with(Fixtures.node(), edge: Edge(certificate: certificate)) {
            (server) async throws in
            #expect(try await Self.ask(server, trusting: secret.authority.certificate) == ("first", 200))
        }
        try key.write(to: URL(filePath: secret.files.key))
        certificate.reload()
        #expect(certificate.status == before)
        #expect(told.withLock { $0.map { $0 == nil } } == [false, false, true])
    }

    @Test(
        "at the start one that cannot be used is an error with its file",
        arguments: [
            ("none.crt", "tls.key"), ("tls.crt", "none.key"), ("tls.key", "tls.crt"), ("tls.crt", "tls.crt"),
        ])
    func start(_ certificate: String, _ key: String) async throws {
        let secret = try await Secret()
        let folder = secret.folder.file("now")
        let error = #expect(throws: CertificateError.self) {
            _ = try ServerCertificate(
                TLSFiles(certificate: "\(folder)/\(certificate)", key: "\(folder)/\(key)")
            ) { _ in }
        }
        #expect(error?.description.hasPrefix(folder) == true)
    }
}
