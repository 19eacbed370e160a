-- Sends the requests of a file, one a line: method, path, JSON body. Arguments: file, token, where to begin.
local asks, at = {}, 0

function init(arguments)
   local headers = {
      ["Authorization"] = "Bearer " .. arguments[2],
      ["Content-Type"] = "application/json",
      ["Accept-Encoding"] = "gzip",
   }
   for line in io.lines(arguments[1]) do
      local method, path, body = line:match("^(%S+) (%S+) ?(.*)$")
      asks[#asks + 1] = wrk.format(method, path, headers, body ~= "" and body or nil)
   end
   at = tonumber(arguments[3])
end

function request()
   at = at + 1
   return asks[(at - 1) % #asks + 1]
end

function done(summary, latency)
   local errors = summary.errors
   io.write(string.format(
      '{"requests": %d, "seconds": %.6f, "p50": %.3f, "p99": %.3f, "errors": %d}\n',
      summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
      errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
