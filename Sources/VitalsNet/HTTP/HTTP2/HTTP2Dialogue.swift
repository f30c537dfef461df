import NIOCore
import VitalsCore

/// One request and its response, by HTTP/2 (RFC 9113), as the only stream of a connection. Pushes are not
/// allowed, and the windows are wider than anything that is read.
struct HTTP2Dialogue: HTTPExchange {
    private let request: HTTPRequest
    let demand: HTTPDemand
    private var upload: HTTP2Upload
    var headers = HTTP2Headers()
    var state = State()
    private var hasSettings = false

    /// What has come of the response.
    struct State {
        var head: HTTPResponseHead?
        var body: HTTPBody?
        /// Of the body as it was sent.
        var bodyBytes = 0
        var isComplete = false
        var interimHeads = 0
        /// Frames that say nothing of the response.
        var idleFrames = 0
        /// A head of which more is to come, and whether nothing follows it.
        var block: (bytes: ByteBuffer, isEnd: Bool)?
    }

    /// What a frame comes to.
    enum Event {
        case nothing
        case head(HTTPResponseHead)
        case complete
        case enough
        case malformed(String)
        case fault(Cause, String)
    }

    /// A server has no reason to send more than a few.
    private static let maximumIdleFrames = 1_000

    init(_ request: HTTPRequest, _ demand: HTTPDemand) {
        self.request = request
        self.demand = demand
        upload = HTTP2Upload(request.body)
    }

    var response: HTTPResponse? {
        state.head.map { head in
            HTTPResponse(head: head, body: state.body?.kept ?? ByteBuffer(), isCut: !state.isComplete)
        }
    }

    mutating func opened() -> [ProbeStep] {
        var bytes = ByteBuffer(string: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        HTTP2Frame(.settings, Self.settings).write(to: &bytes)
        HTTP2Frame(.windowUpdate, ByteBuffer(integer: UInt32(Self.window))).write(to: &bytes)
        for frame in HTTP2Headers.frames(of: request) { frame.write(to: &bytes) }
        upload.write(to: &bytes)
        return [.enter(.request), .send(bytes), .enter(.firstByte)]
    }

    /// More than is ever read of a body.
    private static let window = 1 << 30

    /// No pushes, a wide window, and no more headers than are read.
    private static let settings: ByteBuffer = {
        var payload = ByteBuffer()
        for (name, value) in [(2, 0), (4, window), (6, HTTPResponseHead.maximumBytes)] {
            payload.writeInteger(UInt16(name))
            payload.writeInteger(UInt32(value))
        }
        return payload
    }()

    /// Nothing that we do not want to hear is wanted from here on.
    private static let farewell: ByteBuffer = {
        var bytes = ByteBuffer()
        HTTP2Frame(.goAway, ByteBuffer(bytes: [UInt8](repeating: 0, count: 8))).write(to: &bytes)
        return bytes
    }()

    mutating func received(_ input: inout ByteBuffer) -> [ProbeStep] {
        var steps: [ProbeStep] = []
        var reply = ByteBuffer()
        while true {
            switch HTTP2Frame.read(from: &input) {
            case .more:
                return reply.readableBytes == 0 ? steps : steps + [.send(reply)]
            case .tooLong(let length):
                return steps + [fault("sent a frame of \(length) bytes, or what is no frame")]
            case .frame(let frame):
                let event = take(frame, &reply)
                let (new, isOver) = judge(event)
                steps += new
                if isOver { return steps }
            }
        }
    }

    mutating func ended() -> [ProbeStep] {
        guard state.head != nil else { return [] }
        return [fault("closed the connection after \(state.bodyBytes) bytes of a longer body")]
    }

    private func fault(_ message: String) -> ProbeStep {
        .fail(.unexpectedReply, message: message)
    }

    private func judge(_ event: Event) -> (steps: [ProbeStep], isOver: Bool) {
        switch event {
        case .nothing:
            return ([], false)
        case .head(let head):
            let status = ProbeStep.fact(.httpStatus, .number(head.status))
            if let verdict = demand.verdict(on: head, bodyStart: ByteBuffer(), farewell: Self.farewell) {
                return ([status] + verdict, true)
            }
            if state.isComplete { return ([status, .enter(.body), .pass(farewell: Self.farewell)], true) }
            return ([status, .enter(.body)], false)
        case .complete, .enough:
            return ([.pass(farewell: Self.farewell)], true)
        case .malformed(let message):
            return ([fault(message)], true)
        case .fault(let cause, let message):
            return ([.fail(cause, message: message)], true)
        }
    }

    private mutating func take(_ frame: HTTP2Frame, _ reply: inout ByteBuffer) -> Event {
        guard hasSettings || (frame.kind == .settings && !frame.has(HTTP2Frame.acknowledgement)) else {
            return .malformed("does not speak HTTP/2, though it agreed to")
        }
        guard state.block == nil || frame.kind == .continuation else {
            return .malformed("broke off a head in the middle")
        }
        switch frame.kind {
        case .data: return takeData(frame)
        case .headers, .continuation: return takeHead(frame)
        case .pushPromise: return .malformed("pushed what it was told not to")
        case .goAway, .reset: return takeEnd(frame)
        case .settings, .ping, .windowUpdate, .priority, nil: break
        }
        let event = idle()
        if case .nothing = event { return takeControl(frame, &reply) }
        return event
    }

    /// One more frame that brings the response no further.
    mutating func idle() -> Event {
        state.idleFrames += 1
        guard state.idleFrames <= Self.maximumIdleFrames else {
            return .malformed("sent more than \(Self.maximumIdleFrames) frames that say nothing")
        }
        return .nothing
    }

    private mutating func takeControl(_ frame: HTTP2Frame, _ reply: inout ByteBuffer) -> Event {
        var payload = frame.payload
        switch frame.kind {
        case .settings where frame.has(HTTP2Frame.acknowledgement):
            return .nothing
        case .settings:
            hasSettings = true
            guard frame.stream == 0, takeSettings(&payload) else {
                return .malformed("sent settings that are not well-formed")
            }
            HTTP2Frame(.settings, flags: HTTP2Frame.acknowledgement).write(to: &reply)
        case .ping:
            guard payload.readableBytes == 8 else { return .malformed("sent a ping that is not well-formed") }
            if !frame.has(HTTP2Frame.acknowledgement) {
                HTTP2Frame(.ping, flags: HTTP2Frame.acknowledgement, payload).write(to: &reply)
            }
        case .windowUpdate:
            guard let increment: UInt32 = payload.readInteger(), payload.readableBytes == 0,
                frame.stream <= 1, upload.widen(stream: frame.stream, by: Int(increment & 0x7FFF_FFFF))
            else { return .malformed("sent a window that is not well-formed") }
        default:
            return .nothing
        }
        upload.write(to: &reply)
        return .nothing
    }

    private mutating func takeSettings(_ payload: inout ByteBuffer) -> Bool {
        guard payload.readableBytes.isMultiple(of: 6) else { return false }
        while let name: UInt16 = payload.readInteger(), let value: UInt32 = payload.readInteger() {
            if name == 4, !upload.setInitialWindow(value) { return false }
        }
        return true
    }
}
