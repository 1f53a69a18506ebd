using DistTrain.Formats;
using DistTrain.Learning;

namespace DistTrain.Coordinator.Reports;

/// <summary>What is reached without looking at a single feature.</summary>
static class Baseline
{
    /// <summary>Mean of −log π[observed class], π the classes' shares of the training weight.</summary>
    /// <returns>Nats; null where it is infinite, or where nothing has weight.</returns>
    public static double? LogLoss(SavedModel model, ClassificationMetrics metrics)
    {
        var total = model.TrainingClassWeights.Sum();
        var (loss, weight) = (0.0, 0.0);
        for (var k = 0; k < metrics.PerClass.Length; k++)
        {
            var support = metrics.PerClass[k].Support;
            if (support == 0) continue;
            if (model.TrainingClassWeights[k] == 0) return null;
            loss -= support * Math.Log(model.TrainingClassWeights[k] / total);
            weight += support;
        }
        return weight > 0 ? loss / weight : null;
    }
}
