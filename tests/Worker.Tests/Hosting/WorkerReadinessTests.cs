using DistTrain.Membership;
using DistTrain.Node.Blocks;
using DistTrain.Protocol;
using DistTrain.Worker.Hosting;

namespace DistTrain.Worker.Tests.Hosting;

public sealed class WorkerReadinessTests
{
    [Fact]
    public void A_worker_is_ready_while_it_belongs_to_a_run()
    {
        var (readiness, run) = (new NodeReadiness(), new RunId("r"));
        var watcher = new WorkerReadiness(readiness);
        Assert.Equal("starting", readiness.Missing);

        foreach (var (happened, missing) in new (WorkerEvent, string?)[]
                 {
                     (new WorkerBelongs(run, Term.First), null),
                     (CoordinatorHeard.Instance, null),
                     (new WorkerSentAway("silent"), "sent away by the coordinator: silent"),
                     (new WorkerBelongs(run, Term.First), null),
                     (new SystemGivenUp("downed"), "downed"),
                     (new WorkerBelongs(run, new Term(2)), null),
                     (new RunOver(run), "run r is over"),
                 })
        {
            watcher.Happened(happened);
            Assert.Equal(missing, readiness.Missing);
        }
    }
}
