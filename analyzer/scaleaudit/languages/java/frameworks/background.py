"""Schedules, background work and sessions on the JVM."""

from scaleaudit.languages.java.patterns import (
    Background,
    SessionStore,
    on_a_method,
    stateless,
    takes_more_than,
    without_words,
)
from scaleaudit.languages.java.schedules import RepeatedJob, may_come_again
from scaleaudit.languages.patterns import Schedule, Session

POOLS = "java.util.concurrent"
# Spring Session's and Hazelcast's annotations put sessions elsewhere for the whole application.
CHOSEN = (b"@EnableRedis", b"@EnableJdbcHttpSession", b"@EnableSpringHttpSession",
          b"@EnableHazelcastHttpSession", b"@EnableMongoHttpSession")  # fmt: skip

BACKGROUND = (
    RepeatedJob(
        callees=(
            "org.springframework.scheduling.annotation.{Scheduled,Schedules}",
            "io.quarkus.scheduler.Scheduled",
            "io.micronaut.scheduling.annotation.Scheduled",
            "{javax,jakarta}.ejb.Schedule",
        ),
        library="scheduled",
        lock_annotations=("SchedulerLock",),
        annotation=True,
        when=on_a_method,
    ),
    RepeatedJob(
        callees=(
            f"{POOLS}.{{ScheduledExecutorService,ScheduledThreadPoolExecutor}}"
            ".{scheduleAtFixedRate,scheduleWithFixedDelay}",
            f"{POOLS}.Executors.{{newScheduledThreadPool,newSingleThreadScheduledExecutor}}"
            ".{scheduleAtFixedRate,scheduleWithFixedDelay}",
        ),
        library="java.util.concurrent",
        timer=True,
    ),
    RepeatedJob(
        callees=("java.util.Timer.{schedule,scheduleAtFixedRate}",),
        library="java.util.timer",
        timer=True,
        when=takes_more_than(2),  # with two arguments the task runs once
    ),
    RepeatedJob(
        callees=(
            "org.springframework.scheduling.{TaskScheduler,concurrent.ThreadPoolTaskScheduler}"
            ".{scheduleAtFixedRate,scheduleWithFixedDelay}",
        ),
        library="spring-task-scheduler",
        timer=True,
    ),
    RepeatedJob(
        callees=(
            "org.springframework.scheduling.config.ScheduledTaskRegistrar"
            ".{addCronTask,addTriggerTask,addFixedRateTask,addFixedDelayTask}",
        ),
        library="spring-task-scheduler",
        timer=True,
    ),
    Schedule(
        callees=("org.quartz.Scheduler.scheduleJob",),
        library="quartz",
        when=may_come_again,
    ),
    Background(
        callees=(
            "org.springframework.scheduling.annotation.Async",
            "{javax,jakarta}.ejb.Asynchronous",
            "io.micronaut.scheduling.annotation.Async",
        ),
        library="async",
        annotation=True,
    ),
    Background(callees=("Thread",), library="thread"),
    Background(callees=("Thread.{startVirtualThread,ofVirtual.start}",), library="thread"),
    Background(
        callees=(
            f"{POOLS}.{{ExecutorService,Executor,ThreadPoolExecutor,ForkJoinPool}}.{{submit,execute}}",
            f"{POOLS}.ExecutorService.invokeAll",
            f"{POOLS}.Executors.{{newFixedThreadPool,newCachedThreadPool,newSingleThreadExecutor}}"
            ".{submit,execute}",
            "org.springframework.core.task.{TaskExecutor,AsyncTaskExecutor,AsyncListenableTaskExecutor}"
            ".{submit,execute}",
            "org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor.{submit,execute}",
        ),
        library="executor",
    ),
    Background(
        callees=(f"{POOLS}.CompletableFuture.{{runAsync,supplyAsync}}",),
        library="completable-future",
    ),
    # The servlet container keeps what is put there in its own memory.
    Session(
        callees=(
            "{javax,jakarta}.servlet.http.HttpSession.{setAttribute,putValue}",
            "{javax,jakarta}.servlet.http.HttpServletRequest.getSession.{setAttribute,putValue}",
        ),
        library="servlet",
        default="memory",
        when=without_words(*CHOSEN),
    ),
    Session(
        callees=(
            "org.springframework.web.bind.annotation.SessionAttributes",
            "org.springframework.web.context.annotation.SessionScope",
            "{javax,jakarta}.enterprise.context.SessionScoped",
        ),
        library="servlet",
        default="memory",
        annotation=True,
        when=without_words(*CHOSEN),
    ),
    # Spring Security neither makes nor reads a session then (SessionCreationPolicy).
    SessionStore(
        callees=(
            "org.springframework.security.config.annotation.web.builders.HttpSecurity"
            ".sessionManagement.sessionCreationPolicy",
            "*.sessionCreationPolicy",
        ),
        store="none",
        library="servlet",
        annotation=False,
        when=stateless,
    ),
    SessionStore(
        callees=(
            "org.springframework.session.data.redis.config.annotation.web.http"
            ".{EnableRedisHttpSession,EnableRedisIndexedHttpSession}",
            "org.springframework.session.data.redis.config.annotation.web.server.EnableRedisWebSession",
            "org.springframework.session.hazelcast.config.annotation.web.http"
            ".EnableHazelcastHttpSession",
        ),
        store="cache",
        library="spring-session",
    ),
    SessionStore(
        callees=(
            "org.springframework.session.jdbc.config.annotation.web.http.EnableJdbcHttpSession",
            "org.springframework.session.data.mongo.config.annotation.web.http"
            ".EnableMongoHttpSession",
        ),
        store="database",
        library="spring-session",
    ),
)
