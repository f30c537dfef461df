import Hummingbird
import VitalsEngine

/// `/metrics`: everything as numbers, from memory, for Prometheus and whoever speaks like it.
struct MetricsController {
    let write: @Sendable (inout MetricWriter) async -> Void
    let requests: RequestCounts

    func addRoutes(to router: Router<ServerContext>) {
        router.get("/metrics", use: get)
    }

    @Sendable private func get(_ request: Request, _ context: ServerContext) async -> Response {
        let accept = request.headers[values: .accept].joined(separator: ",")
        let format = MetricFormat(accept: accept)
        var writer = MetricWriter(format)
        await write(&writer)
        requests.write(to: &writer)
        return Response(
            status: .ok, headers: [.contentType: format.contentType, .vary: "Accept"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: writer.finish())))
    }
}

extension MetricsController {
    init(_ backend: Backend, requests: RequestCounts) {
        self.init(write: { await backend.metrics().write(to: &$0) }, requests: requests)
    }
}
