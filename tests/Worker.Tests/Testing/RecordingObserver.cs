using System.Collections;
using System.Collections.Concurrent;
using DistTrain.Membership;

namespace DistTrain.Worker.Tests.Testing;

/// <summary>Keeps what happened, in order.</summary>
sealed class RecordingObserver : IWorkerObserver, IEnumerable<WorkerEvent>
{
    readonly ConcurrentQueue<WorkerEvent> _happened = [];

    public void Happened(WorkerEvent happened) => _happened.Enqueue(happened);

    public IEnumerator<WorkerEvent> GetEnumerator() => _happened.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
