import NIOCore
import VitalsCore

/// The protocol that a probe speaks, as a value without I/O: it is told what happened and answers what to
/// do.
///
/// A probe is built of three things: a dialogue (this), a `ProbeTarget` (where to, by which TLS, what to
/// hide), and one call of `ProbeConnection.start`, which does all the rest: the deadline, resolving,
/// connecting to each address in turn, TLS, the phase clock, the limits, the errors of sockets and TLS, the
/// facts about both, the trace and the close.
///
///     struct PingDialogue: ProbeDialogue {
///         mutating func opened() -> [ProbeStep] { [.send(ByteBuffer(string: "PING\r\n"))] }
///
///         mutating func received(_ input: inout ByteBuffer) -> [ProbeStep] {
///             guard input.readableBytes >= 7 else { return [] }              // asked again with more
///             return input.readString(length: 7) == "+PONG\r\n"
///                 ? [.pass()] : [.fail(.protocolMismatch, message: "answered something else")]
///         }
///     }
///
/// A run goes `opened`, then `received` as often as bytes come; after `.startTLS` comes `secured`, after
/// `.compute` comes `computed`. It is over with the first `.pass` or `.fail`; nothing is called after that.
/// A fault's phase is the one last entered. What a dialogue answers is performed in order, its sends in one
/// flush.
protocol ProbeDialogue {
    /// The way is open: the connection stands, and TLS too where the target starts with it. Called again
    /// after `.askNext` and `.reconnect`.
    mutating func opened() -> [ProbeStep]

    /// More has come. Take from `input` what is complete and leave the rest, which is there again next time,
    /// with more behind it. Called again only when there is more. Of datagrams it gets one after the other,
    /// if it leaves none.
    mutating func received(_ input: inout ByteBuffer) -> [ProbeStep]

    /// What both sides agreed to speak above TLS, of the protocols that the target offers; told before
    /// `opened` or `secured`. Nothing: the server did not say.
    mutating func negotiated(_ name: String?)

    /// A TLS handshake is done, the certificate verified as the target demands: with whom. Comes before
    /// `opened` or `secured`.
    mutating func met(_ peer: TLSPeer)

    /// The TLS asked for by `.startTLS` stands, its certificate verified as the target demands.
    mutating func secured() -> [ProbeStep]

    /// The work asked for by `.compute` is done.
    mutating func computed(_ value: any Sendable) -> [ProbeStep]

    /// The time asked for by `.wake` has passed.
    mutating func woken() -> [ProbeStep]

    /// The deadline has come, while the way was open. Without a verdict in the answer the run fails as
    /// `timeout`.
    mutating func timedOut() -> [ProbeStep]

    /// The peer closed the connection in order. What it had sent was given to `received` before. Without a
    /// verdict in the answer the run fails as `reset`.
    mutating func ended() -> [ProbeStep]

    /// What was still to be measured never will be: the connection is gone, or the time is up. Only called
    /// after `.decide`.
    ///
    /// - Parameter reason: for people.
    /// - Returns: each of those vitals, without a value.
    mutating func cutShort(_ reason: String) -> [Vital]

    /// What became of the questions of the check's author; all of them, once the verdict is in.
    var answers: [OwnAnswer] { get }

    /// The run is over: what conditions may ask for of what the peer said. Only called where there are any.
    func observe(_ observation: inout Observation)
}

extension ProbeDialogue {
    mutating func negotiated(_ name: String?) {}
    mutating func met(_ peer: TLSPeer) {}
    mutating func secured() -> [ProbeStep] { [] }
    mutating func computed(_ value: any Sendable) -> [ProbeStep] { [] }
    mutating func woken() -> [ProbeStep] { [] }
    mutating func timedOut() -> [ProbeStep] { [] }
    mutating func ended() -> [ProbeStep] { [] }
    mutating func cutShort(_ reason: String) -> [Vital] { [] }
    var answers: [OwnAnswer] { [] }
    func observe(_ observation: inout Observation) {}
}
