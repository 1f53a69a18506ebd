using System.Diagnostics.Metrics;
using DistTrain.Training;

namespace DistTrain.Coordinator.Hosting;

/// <summary>A run in numbers, for those who watch it from outside.</summary>
public sealed class TrainingMeters : ITrainingObserver
{
    readonly TimeProvider _time;
    readonly Gauge<int> _workers;
    readonly Gauge<int> _step;
    readonly Gauge<double> _objective;
    readonly Counter<long> _rows;
    readonly Counter<int> _lost;
    readonly Counter<int> _moved;
    readonly Counter<int> _refused;
    readonly Histogram<double> _evaluations;
    long _savedAt;

    public TrainingMeters(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        _savedAt = time.GetTimestamp();
        var meter = meters.Create("DistTrain.Training");
        _workers = meter.CreateGauge<int>("disttrain.workers", null, "Workers that take part.");
        _step = meter.CreateGauge<int>("disttrain.step", null, "Steps taken.");
        _objective = meter.CreateGauge<double>("disttrain.objective", null, "Objective at the last step; of its batch where it has one.");
        _rows = meter.CreateCounter<long>("disttrain.rows", null, "Rows evaluated, each as often as it was.");
        _lost = meter.CreateCounter<int>("disttrain.workers.lost", null, "Workers lost.");
        _moved = meter.CreateCounter<int>("disttrain.shards.moved", null, "Shards leased to another worker, by reason.");
        _refused = meter.CreateCounter<int>("disttrain.contributions.refused", null, "Answers that were not used.");
        _evaluations = meter.CreateHistogram<double>("disttrain.evaluation", "s", "Evaluations, from the first lease to the last answer.");
        meter.CreateObservableGauge("disttrain.checkpoint.age", AgeSeconds, "s", "Since the last checkpoint or the start.");
    }

    public void Happened(TrainingNotice notice)
    {
        switch (notice)
        {
            case WorkerJoinedNotice joined: _workers.Record(joined.WorkerCount); break;
            case WorkerLostNotice lost: Tell(lost); break;
            case LeaseMovedNotice moved: _moved.Add(moved.ShardCount, new KeyValuePair<string, object?>("reason", moved.Reason)); break;
            case ContributionRefusedNotice: _refused.Add(1); break;
            case EvaluationFinishedNotice finished: Tell(finished); break;
            case StepTakenNotice step: Tell(step); break;
            case CheckpointSavedNotice: Volatile.Write(ref _savedAt, _time.GetTimestamp()); break;
        }
    }

    void Tell(WorkerLostNotice lost)
    {
        _workers.Record(lost.WorkerCount);
        _lost.Add(1);
    }

    void Tell(EvaluationFinishedNotice finished)
    {
        _rows.Add(finished.RowCount);
        _evaluations.Record(finished.Elapsed.TotalSeconds, new KeyValuePair<string, object?>("kind", finished.Kind));
    }

    void Tell(StepTakenNotice step)
    {
        _step.Record(step.Summary.Step);
        _objective.Record(step.Summary.Objective);
    }

    double AgeSeconds() => _time.GetElapsedTime(Volatile.Read(ref _savedAt)).TotalSeconds;
}
