import NIOCore
import VitalsCore

extension MySQLDialogue {
    /// The server has let us in.
    mutating func begin() -> [ProbeStep] {
        guard let server else { return [] }
        stage = .asking
        decoder.stage = .session
        waiting = plan(server)
        return [.enter(.session)] + askNext()
    }

    mutating func answer(_ packet: ByteBuffer) -> [ProbeStep] {
        do {
            guard let answer = try reader.read(packet) else { return [] }
            return stage == .measuring ? take(answer) : conclude(answer)
        } catch {
            return [fail(error)]
        }
    }

    private mutating func fail(_ error: MySQLResultError) -> ProbeStep {
        switch error {
        case .malformed: failMalformed("its answer to a query")
        case .tooLong: fail(.unexpectedReply, "the server sent more rows than were asked for")
        }
    }

    private mutating func conclude(_ answer: MySQLAnswer) -> [ProbeStep] {
        guard let asked, var server else { return [] }
        let conclusion = asked.conclude(answer, &server)
        self.server = server
        switch conclusion {
        case .goOn(let steps, let next):
            waiting.insert(contentsOf: next, at: 0)
            return steps + askNext()
        case .fault(let cause, let code, let message):
            return [fail(cause, code: code, message)]
        case .verdict(let verdict, let steps):
            waiting = []
            return steps + measure(verdict)
        }
    }

    private mutating func askNext() -> [ProbeStep] {
        guard !waiting.isEmpty else { return measure() }
        let next = waiting.removeFirst()
        asked = next
        reader = MySQLResultReader(limits: next.limits)
        decoder.beginCommand()
        return [.enter(next.phase), .send(MySQLFrontend.query(next.text))]
    }
}
