using DistTrain.Learning;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Testing;

/// <summary>A run driven to its end by one evaluator, with everything that was said on the way.</summary>
public sealed record TrainingTrace(TrainingResult Result, List<Question> Questions, List<StepSummary> Steps)
{
    /// <summary>What else was said.</summary>
    public List<TrainingNotice> Notices { get; init; } = [];

    const int EvaluationsMax = 100_000;

    /// <param name="answer">Gives the complete sums of a question.</param>
    public static TrainingTrace Of(TrainerAnswer answer, Func<Question, EvaluationSums> evaluate)
    {
        var (questions, steps, notices) = (
            new List<Question>(), new List<StepSummary>(answer.Steps), new List<TrainingNotice>(answer.Notices));
        while (answer.Question is { } question)
        {
            Assert.True(questions.Count < EvaluationsMax, "The trainer never ends.");
            questions.Add(question);
            answer = answer.Trainer.Tell(evaluate(question));
            steps.AddRange(answer.Steps);
            notices.AddRange(answer.Notices);
        }
        return new(Assert.IsType<TrainingResult>(answer.Result), questions, steps) { Notices = notices };
    }

    public static TrainingTrace Of(PlainProblem problem, TrainingOptions options)
    {
        var evaluator = new SlowEvaluator(problem with { Targets = options.TargetsOf(problem.Manifest()) });
        return Of(Trainer.Start(evaluator.Manifest, options), evaluator.Answer);
    }
}
