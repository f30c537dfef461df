package import VitalsCore

/// A probe bound to its target: talks to it once for each `start`, within a deadline.
package protocol Probe: Sendable {
    var kind: ProbeKind { get }

    /// Host and port (or the socket's path), lower case: health checks that share it share its places.
    var endpoint: String { get }

    /// The target as a person may see it: without any secret.
    var address: String { get }

    /// Everything that makes this target another one when it changes: kind, address, credentials, TLS and
    /// request settings, one unambiguous text. Holds secrets; only ever digested.
    var identity: String { get }

    /// What the target says and the probe does not do, for its author; without any secret. Default: nothing.
    var warnings: [String] { get }

    /// Begins one run. Synchronous and quick; called on the loop that will own the connection.
    ///
    /// - Parameters:
    ///   - timeout: the one deadline for everything, from now.
    ///   - done: called exactly once, on the same loop, when the verdict is in (never before `start`
    ///     returns); the polite close may still follow it.
    /// - Returns: ends the run early, from any thread; `done` is then called with cause `internal`.
    func start(timeout: Duration, done: @escaping @Sendable (ProbeResult) -> Void) -> ProbeCancellation
}

extension Probe {
    package var warnings: [String] { [] }
}

/// Ends a run early. May be called from any thread, and after the run has ended.
package typealias ProbeCancellation = @Sendable () -> Void

/// How targets of one kind are written; the registry holds one for each kind of probe.
package struct ProbeForm: Sendable {
    package let kind: ProbeKind
    /// URL schemes by which the command line knows the kind, lower case: `["postgres", "postgresql"]`.
    package let schemes: [String]
    /// Reads a target as written in the configuration. The error never holds a secret.
    package let parse: @Sendable (_ target: TargetText) throws(TargetError) -> any Probe

    package init(
        kind: ProbeKind, schemes: [String],
        parse: @escaping @Sendable (_ target: TargetText) throws(TargetError) -> any Probe
    ) {
        self.kind = kind
        self.schemes = schemes
        self.parse = parse
    }
}

/// A target that cannot be read: what was found and what was meant, without any secret.
package struct TargetError: Error, Equatable {
    package let message: String

    package init(_ message: String) {
        self.message = message
    }
}

/// The thread on which probes run and on which the scheduler's timer fires.
package protocol ProbeLoop: Sendable {
    /// Runs `work` on the loop, soon; from any thread.
    func execute(_ work: @escaping @Sendable () -> Void)

    /// Runs `work` on the loop once `delay` has passed.
    ///
    /// - Returns: takes it back if it has not begun.
    func schedule(after delay: Duration, _ work: @escaping @Sendable () -> Void) -> @Sendable () -> Void
}
