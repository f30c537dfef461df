import VitalsCore
import VitalsEngine

@testable import VitalsNet

/// What Cloudflare's API answers (developers.cloudflare.com/api, "Query D1 Database").
enum D1Replies {
    static let account = "0123456789abcdef0123456789abcdef"
    static let database = "aa0bb1cc-2dd3-4ee4-5ff6-00112233aabb"
    static let key = "s3cr3t-cl0udflare-t0ken"

    static let good = """
        {"errors":[],"messages":[],"success":true,"result":[{"success":true,"results":[{"1":1}],\
        "meta":{"served_by":"v3-prod","served_by_region":"WEUR","served_by_primary":true,"duration":0.2173,\
        "changes":0,"last_row_id":0,"changed_db":false,"size_after":2500000000,"rows_read":0,\
        "rows_written":0,"total_attempts":1,"timings":{"sql_duration_ms":0.2173}}}]}
        """

    static func failure(_ code: Int, _ message: String) -> String {
        #"{"result":null,"success":false,"errors":[{"code":\#(code),"message":"\#(message)"}],"messages":[]}"#
    }

    static let page = "<!DOCTYPE html><html><head><title>504 Gateway Time-out</title></head></html>"

    static func settings(port: Int, _ others: [String: Settings.Value] = [:]) -> Settings {
        var settings = Settings(target: TargetText("d1://\(account)/\(database)"), as: "url")
        settings.set("api_key", .text(key))
        settings.set("base_url", .text("http://127.0.0.1:\(port)/client/v4"))
        for (name, value) in others { settings.set(name, value) }
        return settings
    }
}
