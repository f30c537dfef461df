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
        let authorities: String?
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
        let key = Key(verifies: settings.mode != .require, authorities: settings.authorities)
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
        do {
            if let path = key.authorities {
                configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(path))
            }
            return .success(try NIOSSLContext(configuration: configuration))
        } catch {
            guard let path = key.authorities else {
                return .failure(TLSContextError(.internal, "cannot read the system's authorities"))
            }
            return .failure(
                TLSContextError(
                    canOpen(path) ? .badConfiguration : .internal, "cannot read the authorities in \(path)"))
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
