import VitalsCore

/// What wakes a task that goes its rounds: at once, or at an instant.
final class Rounds: Sendable {
    /// One element a round; several calls before it come to one.
    let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    private let alarm: Alarm

    init(on loop: any ProbeLoop, _ clock: NodeClock) {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
        self.stream = stream
        self.continuation = continuation
        alarm = Alarm(on: loop, clock) { continuation.yield() }
    }

    func begin() { continuation.yield() }

    /// Begins one at `due`, unless one is to begin earlier.
    func set(_ due: Timestamp) { alarm.set(due) }

    /// There is none any more.
    func end() { continuation.finish() }
}
