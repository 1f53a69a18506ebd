using DistTrain.Training;

namespace DistTrain.Coordinator;

/// <summary>Watches a run. All registered observers get every notice, in order.</summary>
public interface ITrainingObserver
{
    /// <summary>Called on the run's actor: must return at once, and not throw.</summary>
    void Happened(TrainingNotice notice);
}
