import Hummingbird
import VitalsCore
import VitalsEngine

/// `/api/v1/channels/{id}/test`
struct ChannelTestController {
    let backend: Backend

    func addRoutes(to router: Router<ServerContext>) {
        router.post("/api/v1/channels/{id}/test", use: test)
    }

    @Sendable private func test(_ request: Request, _ context: ServerContext) async throws -> Response {
        let id = ChannelID(try context.parameters.require("id"))
        switch await backend.test(id) {
        case .sent(.delivered(_, let note)):
            return .json(["status": "sent", "channel": .string(id.text), "note": JSON(note)])
        case .sent(.failed(_, let message, _)), .sent(.refused(_, let message)):
            throw Problem(.notDelivered, "The message was not taken: \(message)")
        case .cooldown(let retryAfter):
            let seconds = max(1, (retryAfter.microseconds + 999_999) / 1_000_000)
            throw Problem(
                .cooldown, "This channel was tested a short while ago.", retryAfterSeconds: seconds)
        case .unknownChannel:
            throw Problem(.notFound, "No channel has this id.")
        case .disabled:
            throw Problem(.channelDisabled, "This channel is switched off.")
        case .stopping:
            throw Problem(.stopping, "The server is stopping.")
        }
    }
}
