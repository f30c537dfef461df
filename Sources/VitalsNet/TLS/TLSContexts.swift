import Glibc
import NIOCore
import NIOPosix
import NIOSSL
import VitalsCore

/// The contexts of TLS by their settings, for the runs of one event loop.
///
/// Making one reads the trusted authorities, which takes milliseconds and megabytes: it is done on a thread
/// for such work, once for all that wait, and again when it has grown old, so that a changed file of
/// authorities is seen. Confined to its event loop.
final class TLSContexts {
    typealias Outcome = Result<NIOSSLContext, TLSContextError>

    private struct Key: Hashable {
        let verifies: Bool
        let authorities: PEMSource?
        let identity: TLSIdentity?
        let protocols: [String]

        init(_ settings: TLSSettings) {
            verifies = settings.mode != .require
            authorities = settings.authorities
            identity = settings.identity
            protocols = settings.protocols
        }
    }

    private struct Entry {
        var outcome: Outcome?
        var madeAt: NIODeadline
        var waiting: [(Outcome) -> Void]
    }

    private let eventLoop: any EventLoop
    private let workers: NIOThreadPool
    private var entries: [Key: Entry] = [:]

    /// How long a context serves before it is made anew, and a failure before it is tried again.
    private static let lifetime = (success: TimeAmount.minutes(10), failure: TimeAmount.seconds(10))
    /// More files of authorities than anybody has; beyond it all are made anew.
    private static let maximumCount = 1_000

    init(eventLoop: any EventLoop, workers: NIOThreadPool) {
        self.eventLoop = eventLoop
        self.workers = workers
    }

    /// Calls back with the context, at once if it is there.
    func context(for settings: TLSSettings, _ use: @escaping (Outcome) -> Void) {
        let key = Key(settings)
        let now = NIODeadline.now()
        guard var entry = entries[key], let outcome = entry.outcome else {
            if entries[key] == nil {
                make(key, at: now, waiting: [use])
            } else {
                entries[key]?.waiting.append(use)
            }
            return
        }
        let lifetime = (try? outcome.get()) == nil ? Self.lifetime.failure : Self.lifetime.success
        if now - entry.madeAt > lifetime {
            entry.madeAt = now
            entries[key] = entry
            submit(key)
        }
        use(outcome)
    }

    private func make(_ key: Key, at now: NIODeadline, waiting: [(Outcome) -> Void]) {
        if entries.count >= Self.maximumCount { entries = entries.filter { $0.value.outcome == nil } }
        entries[key] = Entry(outcome: nil, madeAt: now, waiting: waiting)
        submit(key)
    }

    private func submit(_ key: Key) {
        workers.runIfActive(eventLoop: eventLoop) { Self.makeContext(key) }
            .assumeIsolated()
            .whenComplete { [self] result in
                let made =
                    (try? result.get()) ?? .failure(TLSContextError(.internal, "the server is stopping"))
                let before = entries[key]
                entries[key] = Entry(outcome: Self.better(made, before?.outcome), madeAt: .now(), waiting: [])
                for use in before?.waiting ?? [] { use(made) }
            }
    }

    /// Our own trouble with reading does not take away what served until now.
    static func better(_ made: Outcome, _ before: Outcome?) -> Outcome {
        if case .failure(let error) = made, error.cause == .internal, case .success? = before {
            return before ?? made
        }
        return made
    }

    private static func makeContext(_ key: Key) -> Outcome {
        var configuration = TLSConfiguration.makeClientConfiguration()
        // The names are verified by us, after the handshake: see CertificateFacts.matches.
        configuration.certificateVerification = key.verifies ? .noHostnameVerification : .none
        // How long the polite close may take after the verdict.
        configuration.shutdownTimeout = .milliseconds(500)
        configuration.applicationProtocols = key.protocols
        do {
            if let authorities = key.authorities {
                configuration.trustRoots = .certificates(
                    try read(authorities, "the authorities in", authorities.certificates))
            }
            if let identity = key.identity { try present(identity, in: &configuration) }
        } catch let error {
            return .failure(error)
        }
        do {
            return .success(try NIOSSLContext(configuration: configuration))
        } catch {
            guard let identity = key.identity else {
                return .failure(TLSContextError(.internal, "cannot read the system's authorities"))
            }
            // Nothing else of the settings is only looked at here.
            return .failure(
                TLSContextError(
                    .badConfiguration,
                    "the key in \(identity.key.shown) is not that of the client certificate in "
                        + identity.certificate.shown))
        }
    }

    private static func present(
        _ identity: TLSIdentity, in configuration: inout TLSConfiguration
    ) throws(TLSContextError) {
        let chain = try read(
            identity.certificate, "the client certificate in", identity.certificate.certificates)
        let key = try read(identity.key, "the client certificate's key in", identity.key.privateKey)
        configuration.certificateChain = chain.map { .certificate($0) }
        configuration.privateKey = .privateKey(key)
    }

    private static func read<Part>(
        _ source: PEMSource, _ what: String, _ part: () throws -> Part
    ) throws(TLSContextError) -> Part {
        do {
            return try part()
        } catch {
            var cause = Cause.badConfiguration
            if case .file(let path) = source, !canOpen(path) { cause = .internal }
            throw TLSContextError(cause, "cannot read \(what) \(source.shown)")
        }
    }

    /// False if it is we who lack something; a file that is not there, or not for us, is somebody's mistake.
    private static func canOpen(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor < 0 else { return close(descriptor) == 0 }
        return ![EMFILE, ENFILE, ENOMEM].contains(errno)
    }
}

/// Why there is no context.
struct TLSContextError: Error, Equatable {
    /// `badConfiguration`, or `internal` if it is we who lack something.
    let cause: Cause
    let message: String

    init(_ cause: Cause, _ message: String) {
        self.cause = cause
        self.message = message
    }
}

extension PEMSource {
    /// All that are in it, at least one.
    fileprivate func certificates() throws -> [NIOSSLCertificate] {
        switch self {
        case .file(let path): try NIOSSLCertificate.fromPEMFile(path)
        case .text(let text): try NIOSSLCertificate.fromPEMBytes(Array(text.utf8))
        }
    }

    fileprivate func privateKey() throws -> NIOSSLPrivateKey {
        switch self {
        case .file(let path): try NIOSSLPrivateKey(file: path, format: .pem)
        case .text(let text): try NIOSSLPrivateKey(bytes: Array(text.utf8), format: .pem)
        }
    }
}
