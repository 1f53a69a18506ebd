using System.Collections.Immutable;
using DistTrain.Data.Storage;
using DistTrain.Formats.State;
using DistTrain.Learning;
using DistTrain.Numerics;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Training.Simulation;

/// <summary>
/// A trainer that asks a fixed number of questions, now of one part, now of the other, and mixes every sum it is told into its
/// parameters: one sum lost, doubled or mistaken, and the final bits are others.
/// </summary>
/// <param name="Version">Of the parameters, which questions about the validation part leave as they are.</param>
/// <param name="Noted">What was told about the validation part; joins the parameters at the end.</param>
public sealed record CountingTrainer(int QuestionCount, int Asked, Parameters Parameters, long Version, double Noted) : ITrainer
{
    public static readonly ModelShape Shape = new(3, 4);

    public static TrainerAnswer Start(int questionCount) =>
        new CountingTrainer(questionCount, 0, new Parameters(Shape), 0, 0).Next([]);

    /// <summary>The question last asked, as a trainer that was saved now asks it again.</summary>
    public TrainerAnswer AskAgain() => (this with { Asked = Asked - 1 }).Next([]);

    public TrainerAnswer Tell(EvaluationSums sums)
    {
        var told = Math.FusedMultiplyAdd(Noted, 0.75, (double)(sums.Loss + sums.RowCount));
        var next = sums.Kind == EvaluationKind.Metrics
            ? this with { Noted = told }
            : this with { Parameters = Moved(sums, told), Version = Version + 1 };
        return next.Next([new StepSummary(Asked, Asked, Asked, told, null)]);
    }

    public bool IsClosing => false;

    /// <summary>The end, with what was learnt so far.</summary>
    public TrainerAnswer Close(StoppedBy reason) => new(this, null, [], ResultAt(Parameters) with { StoppedBy = reason });

    public void Save(StateWriter state) => state.Write(Parameters.Values);

    Parameters Moved(EvaluationSums sums, double told)
    {
        var values = Parameters.Values.ToArray();
        for (var i = 0; i < sums.Gradient.Length; i++) values[i] += Math.ScaleB(sums.Gradient[i], -40);
        values[^1] = Math.FusedMultiplyAdd(values[^1], 0.75, told);
        return new Parameters(Shape, values);
    }

    TrainerAnswer Next(ImmutableArray<StepSummary> steps)
    {
        if (Asked == QuestionCount) return new(this, null, steps, ResultAt(new Parameters(Shape, [.. Parameters.Values[..^1], Noted])));
        var request = Asked % 4 == 3
            ? new EvaluationRequest(EvaluationKind.Metrics, DatasetPart.Validation)
            : new EvaluationRequest(EvaluationKind.Gradient);
        return new(this with { Asked = Asked + 1 }, new Question(request, Parameters, Version), steps, null);
    }

    /// <summary>What the shard answers: a pure function of question and shard, as every worker computes it.</summary>
    public static EvaluationSums SumsOf(EvaluationRequest request, Parameters parameters, ShardId shard)
    {
        var seed = (ulong)BitConverter.DoubleToInt64Bits(parameters.Values[^1]);
        var random = new CounterRandom(seed, ((ulong)request.Part << 32) | (uint)shard.Index);
        var sums = new EvaluationSums(parameters.Shape, request.Kind) { Loss = (long)(random.NextUInt64() >> 20), RowCount = shard.Index + 1 };
        for (var i = 0; i < sums.Gradient.Length; i++) sums.Gradient[i] = (long)random.NextUInt64() >> 20;
        return sums;
    }

    /// <summary>The result without any cluster: every question answered by adding up all shards in order.</summary>
    public static TrainingResult Undisturbed(int questionCount, TrainingRunOptions options)
    {
        var answer = Start(questionCount);
        while (answer.Question is { } question)
        {
            var total = new EvaluationSums(Shape, question.Request.Kind);
            foreach (var shard in ShardSet.UpTo(options.RowsOf(question.Request.Part).Length))
                total.Add(SumsOf(question.Request, question.Parameters, shard));
            answer = answer.Trainer.Tell(total);
        }
        return answer.Result!;
    }

    static TrainingResult ResultAt(Parameters parameters) => new()
    {
        Parameters = parameters,
        StoppedBy = StoppedBy.Steps,
        Steps = 0,
        Evaluations = 0,
        Epochs = 0,
        Objective = parameters.Values[0],
        SuboptimalityBound = null,
        GradientMax = 0,
        Training = new ClassificationMetrics
        {
            Examples = 0,
            WeightSum = 0,
            LogLoss = null,
            KnownLogLoss = double.PositiveInfinity,
            ImpossibleExamples = 0,
            Confusion = new double[0, 0],
            Accuracy = 0,
            MacroF1 = 0,
            MajorityAccuracy = 0,
            PerClass = [],
        },
        Validation = null,
    };
}
