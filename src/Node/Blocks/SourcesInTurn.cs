using System.Collections.Immutable;
using System.Diagnostics;

namespace DistTrain.Node.Blocks;

/// <summary>Asks the sources of something one after the other until one gives it, under one deadline.</summary>
static class SourcesInTurn
{
    /// <param name="what">What is asked for, for the message where nobody gives it.</param>
    /// <param name="ask">Asks one source; every exception but its being stopped means that this source does not give it.</param>
    /// <exception cref="BlockFetchException">Nobody gave it in time.</exception>
    public static async Task<T> Ask<T>(
        string what, ImmutableArray<string> sources, TimeSpan deadline, Func<Uri, CancellationToken, Task<T>> ask, CancellationToken stop)
    {
        var started = Stopwatch.GetTimestamp();
        var failures = new List<string>();
        Exception? last = null;
        for (var i = 0; i < sources.Length; i++)
        {
            var left = deadline - Stopwatch.GetElapsedTime(started);
            if (left <= TimeSpan.Zero) break;
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
            limit.CancelAfter(left / (sources.Length - i));
            try
            {
                return await ask(AddressOf(sources[i]), limit.Token);
            }
            catch (Exception) when (stop.IsCancellationRequested)
            {
                throw new OperationCanceledException(stop);
            }
            catch (Exception error)
            {
                last = error;
                failures.Add($"{sources[i]}: {(limit.IsCancellationRequested ? "no answer, or not all of it, in time" : error.Message)}");
            }
        }
        var reasons = sources.IsEmpty ? "Nobody is known to have it." : string.Join(' ', failures);
        throw new BlockFetchException($"Not fetched within {deadline.TotalSeconds:0.#} s: {what}. {reasons}", last);
    }

    static Uri AddressOf(string source) =>
        Uri.TryCreate(source, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttp
            ? address
            : throw new InvalidDataException("not an address of the form http://host:port.");
}
