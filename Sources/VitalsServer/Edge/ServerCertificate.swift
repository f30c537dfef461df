import Glibc
import NIOSSL
import ServiceLifecycle
import Synchronization
package import VitalsCore
package import VitalsEngine

/// The certificate that the server shows. It is read again when its files change; a pair that does not fit
/// changes nothing, and connections that there are go on with the one that they began with.
package final class ServerCertificate: Service {
    /// How it is.
    package struct Status: Sendable, Equatable {
        /// When the certificate in force ends.
        package var expiresAt: Timestamp
        /// What is wrong with the files as they are now; nothing: they are in force.
        package var problem: String?
    }

    private struct State {
        var context: NIOSSLContext
        var status: Status
        var watch: FileWatch
    }

    private let files: TLSFiles
    private let changed: @Sendable (Status) -> Void
    private let state: Mutex<State>

    /// - Parameter changed: called after each reading that was not the first.
    /// - Throws: `CertificateError` when it cannot be used.
    package init(
        _ files: TLSFiles, changed: @escaping @Sendable (Status) -> Void
    ) throws(CertificateError) {
        self.files = files
        self.changed = changed
        let fingerprint = Self.fingerprint(files)
        let (context, expiresAt) = try Self.read(files)
        state = Mutex(
            State(
                context: context, status: Status(expiresAt: expiresAt), watch: FileWatch(fingerprint)))
    }

    /// How it is at present.
    package var status: Status { state.withLock(\.status) }

    var context: NIOSSLContext { state.withLock(\.context) }

    /// Looks after the files until the graceful shutdown.
    package func run() async {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                self.look()
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// Reads the files again, whether they look changed or not.
    package func reload() {
        state.withLock { $0.watch.demand() }
        look()
    }

    func look() {
        let fingerprint = Self.fingerprint(files)
        guard state.withLock({ $0.watch.isDue(fingerprint) }) else { return }
        let read = Result { () throws(CertificateError) in try Self.read(files) }
        let status = state.withLock { state in
            state.watch.loaded(fingerprint)
            switch read {
            case .success(let (context, expiresAt)):
                state.context = context
                state.status = Status(expiresAt: expiresAt)
            case .failure(let error):
                state.status.problem = error.description
            }
            return state.status
        }
        changed(status)
    }

    private static func read(
        _ files: TLSFiles
    ) throws(CertificateError) -> (NIOSSLContext, expiresAt: Timestamp) {
        let certificates: [NIOSSLCertificate]
        do {
            certificates = try NIOSSLCertificate.fromPEMFile(files.certificate)
        } catch {
            throw CertificateError("\(files.certificate) holds no certificate that can be read (PEM)")
        }
        guard let first = certificates.first else {
            throw CertificateError("\(files.certificate) holds no certificate (PEM)")
        }
        let key: NIOSSLPrivateKey
        do {
            key = try NIOSSLPrivateKey(file: files.key, format: .pem)
        } catch {
            throw CertificateError("\(files.key) holds no key that can be read (PEM, no passphrase)")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: certificates.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        do {
            let context = try NIOSSLContext(configuration: configuration)
            return (context, Timestamp(microseconds: Int64(first.notValidAfter) * 1_000_000))
        } catch {
            throw CertificateError("\(files.key) is not the key of \(files.certificate)")
        }
    }

    /// Another text once a file is another, by whatever way: a link on the way to it turned elsewhere, too.
    private static func fingerprint(_ files: TLSFiles) -> String {
        [files.certificate, files.key].map { path in
            var status = stat()
            guard stat(path, &status) == 0 else { return "?" }
            let changed = "\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
            return "\(status.st_dev) \(status.st_ino) \(status.st_size) \(changed)"
        }
        .joined(separator: "\n")
    }
}

/// Why a certificate cannot be used; for people, with the file's name.
package struct CertificateError: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
