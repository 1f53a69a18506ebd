using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using DistTrain.Node.Metrics;
using DistTrain.Protocol;
using DistTrain.Protocol.Blocks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace DistTrain.Node.Blocks;

/// <summary>Answers the requests of the data plane. Nothing in a request is ever taken for the path of a file.</summary>
sealed class BlockRequests(
    BlockStore blocks, IReadOnlyList<IFileSupplier> files, IReadOnlyList<IWeightSupplier> weights, NodeReadiness readiness,
    PlaneMeters? meters, MeterReadings? readings)
{
    /// <summary>Written at once: the server copies what is written before it waits for the other side.</summary>
    const int PieceBytes = 256 * 1024;

    public Task Answer(HttpContext http)
    {
        var stop = http.RequestAborted;
        return (http.Request.Method, PartsOf(http)) switch
        {
            ("GET", ["v1", "blocks", var hash]) => SendBlock(http.Response, hash, stop),
            ("GET", ["v1", "files", var sha256]) => SendFile(http.Response, sha256, stop),
            ("POST", ["v1", "weights", var run, var term, var version]) => SendWeights(http, run, term, version, stop),
            ("GET", ["metrics"]) when readings is not null => SayMetrics(http.Response, readings, stop),
            ("GET", ["healthz", "live"]) => Say(http.Response, HttpStatusCode.OK, "live", stop),
            ("GET", ["healthz", "ready"]) => SayReadiness(http.Response, stop),
            _ => Say(http.Response, HttpStatusCode.NotFound, "no such thing", stop),
        };
    }

    /// <summary>The path as it was sent, cut at its slashes and only then decoded: a name may have a slash of its own.</summary>
    static string[] PartsOf(HttpContext http)
    {
        var path = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0];
        return path.StartsWith('/') ? [.. path[1..].Split('/').Select(Uri.UnescapeDataString)] : [];
    }

    Task SendBlock(HttpResponse response, string hash, CancellationToken stop) =>
        ContentName.IsBlock(hash) && blocks.TryFind(hash, out var block)
            ? Send(response, block, stop)
            : Say(response, HttpStatusCode.NotFound, "no such block", stop);

    async Task Send(HttpResponse response, Block block, CancellationToken stop)
    {
        Announce(response, block.Length);
        foreach (var piece in block.Pieces)
        {
            for (var left = piece; !left.IsEmpty; left = left[Math.Min(PieceBytes, left.Length)..])
            {
                var written = await response.BodyWriter.WriteAsync(left[..Math.Min(PieceBytes, left.Length)], stop);
                if (written.IsCompleted) return; // The other side has gone.
            }
        }
        meters?.Sent("block", block.Length);
    }

    async Task SendFile(HttpResponse response, string sha256, CancellationToken stop)
    {
        await using var file = ContentName.IsSha256(sha256) ? TryOpen(sha256) : null;
        if (file is null)
        {
            await Say(response, HttpStatusCode.NotFound, "no such file", stop);
            return;
        }
        Announce(response, file.Length);
        await file.CopyToAsync(response.Body, PieceBytes, stop);
        meters?.Sent("file", file.Length);
    }

    Stream? TryOpen(string sha256) => files.Select(supplier => supplier.TryOpen(sha256)).FirstOrDefault(file => file is not null);

    async Task SendWeights(HttpContext http, string run, string term, string version, CancellationToken stop)
    {
        if (!TryParse(http.Request, term, version, out var question))
        {
            await Say(http.Response, HttpStatusCode.BadRequest, "not a request for weights", stop);
            return;
        }

        var features = new byte[question.FeatureCount * sizeof(int)];
        await http.Request.Body.ReadExactlyAsync(features, stop);
        var answer = new byte[question.AnswerBytes];
        if (!TryRead(new RunId(run), question, features, answer))
        {
            await Say(http.Response, HttpStatusCode.Gone, "not the current version, or not its features", stop);
            return;
        }
        Announce(http.Response, answer.Length);
        await http.Response.BodyWriter.WriteAsync(answer, stop);
        meters?.Sent("weights", answer.Length);
    }

    /// <summary>Looks at all that a request's head says, before anything is allocated for it.</summary>
    static bool TryParse(HttpRequest request, string term, string version, out Question question)
    {
        question = default;
        if (request.ContentType != WeightsRequest.ContentType) return false; // A browser's page cannot send it unasked.
        if (request.ContentLength is not (>= 0 and <= WeightsRequest.QuestionBytesMax and var length)) return false;
        if (length % sizeof(int) != 0) return false;
        if (!TryCount(term, out var termNumber) || !TryCount(version, out var versionNumber)) return false;
        if (!TryCount(request.Query["classes"].ToString(), out var classes) || classes is < 1 or > WeightsRequest.ClassMax) return false;

        question = new Question(new Term(termNumber), versionNumber, (int)length / sizeof(int), (int)classes);
        return question.FeatureCount <= WeightsRequest.FeatureMax(question.ClassCount);
    }

    static bool TryCount(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    bool TryRead(RunId run, Question question, byte[] features, byte[] answer)
    {
        foreach (var supplier in weights)
        {
            var asked = MemoryMarshal.Cast<byte, int>(features);
            var numbers = MemoryMarshal.Cast<byte, double>(answer.AsSpan());
            if (supplier.TryRead(run, question.Term, question.Version, asked, numbers)) return true;
        }
        return false;
    }

    Task SayReadiness(HttpResponse response, CancellationToken stop) => readiness.Missing is { } missing
        ? Say(response, HttpStatusCode.ServiceUnavailable, missing, stop)
        : Say(response, HttpStatusCode.OK, "ready", stop);

    static Task SayMetrics(HttpResponse response, MeterReadings readings, CancellationToken stop)
    {
        response.ContentType = PrometheusText.ContentType;
        return response.WriteAsync(readings.ToPrometheus(), stop);
    }

    static void Announce(HttpResponse response, long length)
    {
        response.ContentType = WeightsRequest.ContentType;
        response.ContentLength = length;
    }

    static Task Say(HttpResponse response, HttpStatusCode status, string text, CancellationToken stop)
    {
        response.StatusCode = (int)status;
        response.ContentType = "text/plain; charset=utf-8";
        return response.WriteAsync(text + "\n", stop);
    }

    readonly record struct Question(Term Term, long Version, int FeatureCount, int ClassCount)
    {
        public int AnswerBytes => FeatureCount * ClassCount * sizeof(double);
    }
}
