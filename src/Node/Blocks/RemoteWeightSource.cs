using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using DistTrain.Learning;
using DistTrain.Protocol;

namespace DistTrain.Node.Blocks;

/// <summary>Weights of one version that are asked for over HTTP, feature by feature. Threads that read wait for the answer.</summary>
/// <remarks>
/// For compute threads: what asks on the shared pool would block it. They wait in the socket itself, so that no thread of
/// the pool has to wake them.
/// </remarks>
/// <param name="sources">Nodes that have the weights, as http://host:port, asked in turn.</param>
/// <param name="deadline">For each reading, above 0.</param>
public sealed class RemoteWeightSource(
    ImmutableArray<string> sources, RunId run, Term term, long version, ModelShape shape, TimeSpan deadline) : IWeightSource
{
    /// <exception cref="BlockFetchException">No source gave them in time; this version may no longer be the current one.</exception>
    public void Read(ReadOnlySpan<int> features, Span<double> weights)
    {
        var atOnce = WeightsRequest.FeatureMax(shape.ClassCount);
        for (var first = 0; first < features.Length; first += atOnce)
        {
            var part = features.Slice(first, Math.Min(atOnce, features.Length - first));
            ReadPart(part, weights.Slice(first * shape.ClassCount, part.Length * shape.ClassCount));
        }
    }

    void ReadPart(ReadOnlySpan<int> features, Span<double> weights)
    {
        var question = MemoryMarshal.AsBytes(features).ToArray();
        var answerBytes = weights.Length * sizeof(double);
        var answer = SourcesInTurn
            .Ask(
                $"{features.Length} features' weights", sources, deadline,
                (source, stop) => Task.FromResult(Post(source, question, answerBytes, stop)), CancellationToken.None)
            .GetAwaiter().GetResult();
        answer.CopyTo(MemoryMarshal.AsBytes(weights));
    }

    byte[] Post(Uri source, byte[] question, int answerBytes, CancellationToken stop)
    {
        using var content = new ByteArrayContent(question) { Headers = { ContentType = ContentType } };
        var address = new Uri(source, WeightsRequest.PathOf(run, term, version, shape.ClassCount));
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        using var response = PlaneConnections.Client.Send(request, stop);
        if (response.StatusCode == HttpStatusCode.Gone) throw new InvalidDataException($"version {version} is not current there any more.");
        if (response.StatusCode != HttpStatusCode.OK) throw new InvalidDataException($"it answered {(int)response.StatusCode}.");

        var answer = response.Content.ReadAsByteArrayAsync(stop).GetAwaiter().GetResult(); // Buffered already.
        return answer.Length == answerBytes ? answer : throw new InvalidDataException($"it gave {answer.Length} bytes, not {answerBytes}.");
    }

    static MediaTypeHeaderValue ContentType => new(WeightsRequest.ContentType);
}
