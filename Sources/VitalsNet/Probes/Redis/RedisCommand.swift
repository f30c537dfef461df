import VitalsCore

/// One command of a session: what is asked, when the time counts for which phase, and what its reply means.
///
/// A session asks them one after the other, on the one connection; what a command concludes may have others
/// follow it at once. The last one without a fault ends the run well.
struct RedisCommand: Sendable {
    let words: [String]
    let phase: Phase
    /// What follows from the reply. It may add to what is known of the server.
    let conclude: @Sendable (RESPValue, inout RedisServer) -> RedisConclusion

    init(
        _ words: [String], in phase: Phase,
        conclude: @escaping @Sendable (RESPValue, inout RedisServer) -> RedisConclusion
    ) {
        self.words = words
        self.phase = phase
        self.conclude = conclude
    }
}

/// What follows from a reply.
enum RedisConclusion: Sendable {
    /// These steps, none of them a verdict or a send, and then these commands before those that wait.
    case goOn([ProbeStep] = [], then: [RedisCommand] = [])
    /// The run is over.
    case fault(RedisVerdict)
    /// It is no server of this kind: `HELLO` was answered so.
    case foreign(RESPValue)
    /// The verdict is in, and nothing of what waits is asked any more; but what is to be measured still is.
    case verdict(RedisVerdict, after: [ProbeStep] = [])

    /// This, and then what follows from something else.
    func then(_ next: RedisConclusion) -> RedisConclusion {
        guard case .goOn(let steps, let commands) = self else { return self }
        return switch next {
        case .goOn(let later, let more): .goOn(steps + later, then: commands + more)
        case .verdict(let verdict, let later): .verdict(verdict, after: steps + later)
        case .fault, .foreign: next
        }
    }

    static func unexpected(_ message: String) -> RedisConclusion {
        .fault(RedisVerdict(.unexpectedReply, message))
    }

    /// What follows from an error that is no verdict by itself: the server merely cannot or may not answer.
    ///
    /// - Parameter what: was asked.
    static func bearing(
        _ error: RedisServerError, _ what: String, _ otherwise: () -> RedisConclusion
    ) -> RedisConclusion {
        switch RedisCause.of(error) {
        case .unexpectedReply, .privilege:
            .goOn([.note("\(what) could not be asked: \(error.text)")]).then(otherwise())
        default: .fault(RedisVerdict(error))
        }
    }
}

/// What follows once something is known of a server.
typealias RedisNext = @Sendable (RedisServer) -> RedisConclusion
