using System.Threading.Channels;
using DistTrain.Coordinator;
using DistTrain.Training;

namespace DistTrain.Cli.Training;

/// <summary>Somebody who wants to know what happens in a run; told in order, never by two threads at once.</summary>
interface INoticeSink
{
    void Take(DateTimeOffset time, TrainingNotice notice);
}

/// <summary>Between the actors, who must not wait, and those who write: a queue with a reader of its own.</summary>
sealed class NoticePump : ITrainingObserver, IAsyncDisposable
{
    readonly Channel<(DateTimeOffset Time, TrainingNotice Notice)> _queue =
        Channel.CreateUnbounded<(DateTimeOffset, TrainingNotice)>(new UnboundedChannelOptions { SingleReader = true });

    readonly TimeProvider _clock;
    readonly IReadOnlyList<INoticeSink> _sinks;
    readonly Task _reading;

    public NoticePump(TimeProvider clock, params IReadOnlyList<INoticeSink> sinks)
    {
        (_clock, _sinks) = (clock, sinks);
        _reading = ReadAsync();
    }

    /// <summary>Takes a notice and its time; never waits.</summary>
    public void Happened(TrainingNotice notice) => _queue.Writer.TryWrite((_clock.GetUtcNow(), notice));

    /// <summary>Returns when all that was taken is told; throws what a sink threw.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _reading;
    }

    async Task ReadAsync()
    {
        await foreach (var (time, notice) in _queue.Reader.ReadAllAsync())
        {
            foreach (var sink in _sinks) sink.Take(time, notice);
        }
    }
}
