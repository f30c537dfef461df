import NIOCore
import VitalsCore

/// Echo requests one after the other, and the replies that are ours.
struct EchoDialogue: ProbeDialogue {
    private let settings: EchoProbeSettings
    private let interval: Duration
    /// Fills what is sent, by chance: nobody else's reply holds it.
    private let payload: [UInt8]
    private let now: @Sendable () -> NIODeadline

    /// When each request was sent, by its sequence number; nothing once its reply has come.
    private var sent: [NIODeadline?] = []
    private var roundTrips: [Duration] = []

    /// So many times the slowest reply, and at least so long, the rest is waited for.
    private static let patience = (factor: 4, least: Duration.seconds(1))

    /// - Parameters:
    ///   - interval: from one request to the next.
    ///   - payload: what each request holds.
    init(
        _ settings: EchoProbeSettings, interval: Duration, payload: [UInt8],
        now: @escaping @Sendable () -> NIODeadline
    ) {
        precondition(EchoProbeSettings.counts.contains(settings.count))
        self.settings = settings
        self.interval = interval
        self.payload = payload
        self.now = now
    }

    mutating func opened() -> [ProbeStep] {
        (sent, roundTrips) = ([], [])
        return [.enter(.request)] + ask()
    }

    /// The next one is due, or the last ones have been waited for.
    mutating func woken() -> [ProbeStep] {
        sent.count < settings.count ? ask() : verdict
    }

    /// What came until then is what there is; silence is left to be a timeout.
    mutating func timedOut() -> [ProbeStep] {
        roundTrips.isEmpty ? facts : verdict
    }

    mutating func received(_ input: inout ByteBuffer) -> [ProbeStep] {
        let message = input
        input.clear()
        guard let reply = EchoMessage(reply: message), reply.payload == payload,
            Int(reply.sequence) < sent.count, let start = sent[Int(reply.sequence)]
        else { return [] }
        sent[Int(reply.sequence)] = nil
        roundTrips.append(Duration(now() - start))
        guard roundTrips.count < settings.count else { return verdict }
        return sent.count == settings.count ? [.wake(after: lateness)] : []
    }

    private mutating func ask() -> [ProbeStep] {
        let message = EchoMessage(sequence: UInt16(sent.count), payload: payload)
        sent.append(now())
        let isLast = sent.count == settings.count
        // Where nothing has come, it is waited for until the deadline.
        let next: [ProbeStep] =
            isLast ? (roundTrips.isEmpty ? [] : [.wake(after: lateness)]) : [.wake(after: interval)]
        return [.send(message.request)] + next
    }

    private var lateness: Duration {
        max(Self.patience.least, (roundTrips.max() ?? .zero) * Self.patience.factor)
    }

    private var lossPercent: Int {
        let lost = sent.count - roundTrips.count
        return sent.isEmpty ? 0 : (lost * 100 + sent.count - 1) / sent.count
    }

    private var facts: [ProbeStep] {
        var facts: [ProbeStep] = [
            .fact(.packetsSent, .number(sent.count)), .fact(.packetsReceived, .number(roundTrips.count)),
            .fact(.lossPercent, .number(lossPercent)),
        ]
        guard let least = roundTrips.min(), let most = roundTrips.max() else { return facts }
        let average = roundTrips.reduce(.zero, +) / roundTrips.count
        for (name, time) in [
            (FactName.roundTripMinimum, least), (.roundTripAverage, average), (.roundTripMaximum, most),
        ] {
            facts.append(.fact(name, .number(Int(time.microseconds))))
        }
        return facts
    }

    private var verdict: [ProbeStep] {
        let allowed = settings.maximumLoss ?? 99
        guard !roundTrips.isEmpty, lossPercent <= allowed else {
            let lost = sent.count - roundTrips.count
            let message =
                "lost \(lost) of \(sent.count) echo requests (\(lossPercent) %, allowed \(allowed) %)"
            return facts + [.fail(.condition, message: message)]
        }
        return facts + [.pass()]
    }
}
